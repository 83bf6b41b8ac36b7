using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Failback;

/// <summary>The conclusion from a machine's replication state when a failback's job is gone or proves nothing.</summary>
public enum ReplicationVerdict
{
    /// <summary>Neither success nor failure can be concluded.</summary>
    Undecided,

    /// <summary>The failback is still running (state 13).</summary>
    InProgress,

    /// <summary>The failback succeeded (state 14).</summary>
    Succeeded,
}

/// <summary>Draws a conclusion from the replication state.</summary>
public static class ReplicationVerdicts
{
    /// <summary>
    /// Only 14 (FailbackComplete) means success, and only 13 (FailbackInProgress) means still running. Any other state is undecided: the
    /// state after a failed or cancelled failback is not published, and it may equal the state before the call.
    /// </summary>
    /// <param name="now">The current state.</param>
    /// <param name="before">
    /// The state before the call, if known. A machine that was already in 13 or 14 proves nothing by still being there.
    /// </param>
    public static ReplicationVerdict Judge(ReplicationState now, ReplicationState? before = null)
    {
        if (now == before)
        {
            return ReplicationVerdict.Undecided;
        }

        return now switch
        {
            ReplicationState.FailbackComplete => ReplicationVerdict.Succeeded,
            ReplicationState.FailbackInProgress => ReplicationVerdict.InProgress,
            _ => ReplicationVerdict.Undecided,
        };
    }
}
