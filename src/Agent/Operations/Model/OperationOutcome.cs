using Grpc.Core;
using HostAgent.HyperV.Failback;

namespace HostAgent.Agent.Operations.Model;

/// <summary>How an operation ended.</summary>
/// <param name="State">A terminal state.</param>
/// <param name="Basis">What decided it.</param>
/// <param name="Explanation">One sentence for a person.</param>
/// <param name="Failure">Why; null for the two successes.</param>
/// <param name="Retry">How a failure may be tried again.</param>
internal sealed record OperationOutcome(
    OperationState State, OutcomeBasis Basis, string Explanation, OperationFailure? Failure, RetryClass? Retry);

/// <summary>What an outcome rests on. The numbers equal those of the contract.</summary>
internal enum OutcomeBasis
{
    /// <summary>The return code of the method.</summary>
    ReturnCode = 1,

    /// <summary>The end of the job, as the host reported it.</summary>
    Job = 2,

    /// <summary>The job was gone; the machine's replication state decided.</summary>
    ReplicationState = 3,

    /// <summary>Nothing on the host decides.</summary>
    None = 4,

    /// <summary>A request to cancel, before the host was called.</summary>
    Request = 5,

    /// <summary>The readiness checks made again immediately before the call.</summary>
    Readiness = 6,
}

/// <summary>Why an operation failed or was refused: the facts of a google.rpc.Status, flat.</summary>
/// <param name="Code">The canonical status code.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE word for a program.</param>
/// <param name="Message">One sentence that names the thing, the value and what is allowed.</param>
internal sealed record OperationFailure(StatusCode Code, string Reason, string Message)
{
    private readonly RetryClass? _retry;

    /// <summary>Names the thing and the value for a program.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>After how long the same request may succeed; null when it cannot.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>How the request may be tried again. Without a word of its own it is by <see cref="RetryDelay"/>.</summary>
    public RetryClass Retry
    {
        get => _retry ?? (RetryDelay is null ? RetryClass.Never : RetryClass.BackOff);
        init => _retry = value;
    }

    /// <summary>The preconditions that do not hold, where that is the reason.</summary>
    public IReadOnlyList<OperationPrecondition> Preconditions { get; init; } = [];
}

/// <summary>One precondition that does not hold.</summary>
/// <param name="Type">The id of the check.</param>
/// <param name="Subject">What was checked.</param>
/// <param name="Description">What was seen and what to do.</param>
internal sealed record OperationPrecondition(string Type, string Subject, string Description);

/// <summary>A request was refused before anything was journaled for it, or a command on an operation was not allowed.</summary>
internal sealed class OperationRefusedException(OperationFailure failure, Exception? innerException = null)
    : Exception(failure.Message, innerException)
{
    /// <summary>Why.</summary>
    public OperationFailure Failure { get; } = failure;
}
