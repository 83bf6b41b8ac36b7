namespace HostAgent.Campaigns.Inputs;

/// <summary>What a machine's replication state says about a failback.</summary>
public enum StateVerdict
{
    /// <summary>It has been failed back (14, FailbackComplete).</summary>
    FailedBack,

    /// <summary>A failback is in progress (13).</summary>
    InProgress,

    /// <summary>It stands where it did before: a failback can be started.</summary>
    NotStarted,

    /// <summary>Nothing can be concluded from it.</summary>
    Undecided,
}
