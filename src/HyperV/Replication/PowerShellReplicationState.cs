namespace HostAgent.HyperV.Replication;

/// <summary>
/// What the Hyper-V PowerShell module shows for a WMI replication state: its enum <c>VMReplicationState</c> has numbers and names of
/// its own, shifted by one from 3 on. For display only; nothing is ever decided on these.
/// </summary>
/// <param name="Number">The number in <c>VMReplicationState</c>.</param>
/// <param name="Name">The name in <c>VMReplicationState</c>.</param>
public sealed record PowerShellReplicationState(int Number, string Name)
{
    private static readonly PowerShellReplicationState Disabled = new(0, "Disabled");

    /// <summary>What PowerShell shows, or null where it has no word (17 and unpublished numbers).</summary>
    /// <param name="state">The WMI state.</param>
    /// <param name="mode">The machine's mode: it decides state 2, and states that a primary cannot be in are shown as Disabled.</param>
    public static PowerShellReplicationState? For(ReplicationState state, ReplicationMode mode)
    {
        if (mode is ReplicationMode.Primary && state
            is ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.FailbackInProgress
            or ReplicationState.FailbackComplete or ReplicationState.FiredrillInProgress)
        {
            return Disabled;
        }

        return state switch
        {
            ReplicationState.Disabled => Disabled,
            ReplicationState.Ready => new(1, "ReadyForInitialReplication"),
            ReplicationState.WaitingToCompleteInitialReplication => mode is ReplicationMode.Primary
                ? new(2, "InitialReplicationInProgress")
                : new(3, "WaitingForInitialReplication"),
            ReplicationState.Replicating => new(4, "Replicating"),
            ReplicationState.SyncedReplicationComplete => new(5, "PreparedForFailover"),
            ReplicationState.Recovered => new(6, "FailedOverWaitingCompletion"),
            ReplicationState.Committed => new(7, "FailedOver"),
            ReplicationState.Suspended => new(8, "Suspended"),
            ReplicationState.Critical => new(9, "Error"),
            ReplicationState.WaitingForStartResynchronize => new(10, "WaitingForStartResynchronize"),
            ReplicationState.Resynchronizing => new(11, "Resynchronizing"),
            ReplicationState.ResynchronizeSuspended => new(12, "ResynchronizeSuspended"),
            ReplicationState.RecoveryInProgress => new(13, "RecoveryInProgress"),
            ReplicationState.FailbackInProgress => new(14, "FailbackInProgress"),
            ReplicationState.FailbackComplete => new(15, "FailbackComplete"),
            ReplicationState.WaitingForUpdateCompletion => new(16, "WaitingForUpdateCompletion"),
            ReplicationState.UpdateCritical => new(17, "UpdateError"),
            ReplicationState.WaitingForRepurposeCompletion => new(18, "WaitingForRepurposeCompletion"),
            ReplicationState.PreparedForSyncReplication => new(19, "PreparedForSyncReplication"),
            ReplicationState.PreparedForGroupReverseReplication => new(20, "PreparedForGroupReverseReplication"),
            ReplicationState.FiredrillInProgress => new(21, "FiredrillInProgress"),
            _ => null,
        };
    }
}
