using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Hosts;

/// <summary>
/// The one place where what an agent answers is checked before the coordinator believes it: an agent is authenticated, and may be broken or
/// taken over all the same.
/// </summary>
internal static class AgentAnswers
{
    /// <summary>The reason of a refusal for an answer that makes no sense.</summary>
    public const string Reason = "AGENT_ANSWER_INVALID";

    /// <summary>Checks where an agent's journal stands.</summary>
    /// <exception cref="RpcFailure">It is not there, or is no position.</exception>
    public static JournalPosition Require(JournalPosition? position, string host) =>
        position is { Commits: >= 0 } && Guid.TryParseExact(position.JournalId, "D", out _)
            ? position
            : throw Invalid(host, $"journal is '{position?.JournalId}' with {position?.Commits ?? 0} commits; it must be a UUID and a number of at least 0");

    /// <summary>A host whose answer makes no sense counts as out of reach, with a sentence that names it.</summary>
    public static RpcFailure Invalid(string host, string finding) =>
        new(StatusCode.Unavailable, Reason, $"host {host} answers what cannot be: {finding}") { Domain = RpcFailure.ConnectionDomain };
}
