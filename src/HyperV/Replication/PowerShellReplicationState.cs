namespace HostAgent.HyperV.Replication;

/// <summary>
/// How the Hyper-V PowerShell module shows a WMI replication state: its enum <c>VMReplicationState</c> has its own numbers and
/// names, shifted by one from 3 on. For display only; never decide on these.
/// </summary>
/// <param name="Number">The number in <c>VMReplicationState</c>.</param>
/// <param name="Name">The name in <c>VMReplicationState</c>.</param>
public sealed record PowerShellReplicationState(int Number, string Name)
{
    private static readonly PowerShellReplicationState Disabled = new(0, "Disabled");

    // WMI's state, and PowerShell's number and name for a primary and for a replica (null: shown as Disabled).
    private static readonly Dictionary<ReplicationState, (PowerShellReplicationState? Primary, PowerShellReplicationState Replica)> Table = new()
    {
        [ReplicationState.Disabled] = Both(0, "Disabled"),
        [ReplicationState.Ready] = Both(1, "ReadyForInitialReplication"),
        [ReplicationState.WaitingToCompleteInitialReplication] = (new(2, "InitialReplicationInProgress"), new(3, "WaitingForInitialReplication")),
        [ReplicationState.Replicating] = Both(4, "Replicating"),
        [ReplicationState.SyncedReplicationComplete] = Both(5, "PreparedForFailover"),
        [ReplicationState.Recovered] = ReplicaOnly(6, "FailedOverWaitingCompletion"),
        [ReplicationState.Committed] = ReplicaOnly(7, "FailedOver"),
        [ReplicationState.Suspended] = Both(8, "Suspended"),
        [ReplicationState.Critical] = Both(9, "Error"),
        [ReplicationState.WaitingForStartResynchronize] = Both(10, "WaitingForStartResynchronize"),
        [ReplicationState.Resynchronizing] = Both(11, "Resynchronizing"),
        [ReplicationState.ResynchronizeSuspended] = Both(12, "ResynchronizeSuspended"),
        [ReplicationState.RecoveryInProgress] = Both(13, "RecoveryInProgress"),
        [ReplicationState.FailbackInProgress] = ReplicaOnly(14, "FailbackInProgress"),
        [ReplicationState.FailbackComplete] = ReplicaOnly(15, "FailbackComplete"),
        [ReplicationState.WaitingForUpdateCompletion] = Both(16, "WaitingForUpdateCompletion"),
        [ReplicationState.UpdateCritical] = Both(17, "UpdateError"),
        [ReplicationState.WaitingForRepurposeCompletion] = Both(18, "WaitingForRepurposeCompletion"),
        [ReplicationState.PreparedForSyncReplication] = Both(19, "PreparedForSyncReplication"),
        [ReplicationState.PreparedForGroupReverseReplication] = Both(20, "PreparedForGroupReverseReplication"),
        [ReplicationState.FiredrillInProgress] = ReplicaOnly(21, "FiredrillInProgress"),
    };

    /// <summary>What PowerShell shows, or null when it has no name for the state (17 and unpublished numbers).</summary>
    /// <param name="state">The WMI state.</param>
    /// <param name="mode">The machine's mode: it decides state 2; states that a primary cannot be in are shown as Disabled.</param>
    public static PowerShellReplicationState? For(ReplicationState state, ReplicationMode mode)
        => !Table.TryGetValue(state, out var shown) ? null
            : mode is ReplicationMode.Primary ? shown.Primary ?? Disabled
            : shown.Replica;

    /// <summary>The WMI state behind a PowerShell name, or null when there is none. Case does not matter.</summary>
    public static ReplicationState? ToWmi(string name)
    {
        foreach (var (state, shown) in Table)
        {
            if (Named(shown.Replica) || (shown.Primary is { } primary && Named(primary)))
            {
                return state;
            }
        }

        return null;

        bool Named(PowerShellReplicationState candidate) => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase);
    }

    private static (PowerShellReplicationState? Primary, PowerShellReplicationState Replica) Both(int number, string name)
        => (new(number, name), new(number, name));

    private static (PowerShellReplicationState? Primary, PowerShellReplicationState Replica) ReplicaOnly(int number, string name)
        => (null, new(number, name));
}
