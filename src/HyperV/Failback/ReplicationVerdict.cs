using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Failback;

/// <summary>What a machine's replication state says about a failback whose job is gone or proves nothing.</summary>
public enum ReplicationVerdict
{
    /// <summary>Nothing: neither success nor failure may be concluded.</summary>
    Undecided,

    /// <summary>The failback is still going on (state 13).</summary>
    InProgress,

    /// <summary>The failback has succeeded (state 14).</summary>
    Succeeded,
}

/// <summary>Decides from the replication state.</summary>
public static class ReplicationVerdicts
{
    /// <summary>
    /// Only 14 (FailbackComplete) means success and only 13 (FailbackInProgress) means that it goes on. Any other state is undecided:
    /// which one follows a failed or a cancelled failback is not published, and the states before it are the same as those after.
    /// </summary>
    /// <param name="now">The state now.</param>
    /// <param name="before">
    /// The state before the call, where it is known. A machine that already was in 13 or 14 proves nothing by still being there.
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
