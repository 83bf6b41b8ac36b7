namespace HostAgent.Agent.Operations;

/// <summary>What a machine's replication state says about an operation.</summary>
internal enum StateVerdict
{
    /// <summary>It decides nothing.</summary>
    Undecided,

    /// <summary>The host is still at it.</summary>
    InProgress,

    /// <summary>The host has done it.</summary>
    Done,
}
