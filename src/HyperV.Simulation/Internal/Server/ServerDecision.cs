using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Server;

/// <summary>What becomes of a call that is about the host as a replica server: a refusal, or what it is from now on.</summary>
/// <param name="Code">The return code; 0 when the call takes effect.</param>
/// <param name="Reason">What was seen, for the log; empty when the call takes effect.</param>
/// <param name="State">What the server is from now on; null for a refusal.</param>
internal sealed record ServerDecision(ReturnCode Code, string Reason, ReplicationServerState? State)
{
    /// <summary>The replicas whose replication ends with it.</summary>
    public IReadOnlyList<Guid> Stopped { get; init; } = [];

    public static ServerDecision Accept(ReplicationServerState state) => new(ReturnCode.Completed, string.Empty, state);

    public static ServerDecision Refuse(ReturnCode code, string reason) => new(code, reason, State: null);
}
