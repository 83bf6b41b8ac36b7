using Grpc.Core;

namespace HostAgent.Agent.Operations;

/// <summary>Why an operation failed or was refused: the facts of a google.rpc.Status, flat.</summary>
/// <param name="Code">The canonical status code.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE word for a program.</param>
/// <param name="Message">One sentence that names the thing, the value and what is allowed.</param>
internal sealed record OperationFailure(StatusCode Code, string Reason, string Message)
{
    /// <summary>Names the thing and the value for a program.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>After how long the same request may succeed by itself; null when it cannot.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>The preconditions that do not hold, where that is the reason.</summary>
    public IReadOnlyList<OperationPrecondition> Preconditions { get; init; } = [];
}
