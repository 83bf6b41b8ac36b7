namespace HostAgent.Agent.Operations;

/// <summary>
/// What the host showed immediately before the call, kept with the intent. After a crash it is compared with what the host
/// shows then: only a host that shows the very same thing can prove that the call never took effect.
/// </summary>
/// <param name="Time">When it was looked at, by the agent's clock.</param>
/// <param name="ReplicationState">The machine's replication state as the host's number; null when the host did not tell.</param>
/// <param name="JobIds">The InstanceIDs of all jobs that affected the machine, finished ones included.</param>
internal sealed record IntentEvidence(DateTimeOffset Time, int? ReplicationState, IReadOnlyList<string> JobIds);
