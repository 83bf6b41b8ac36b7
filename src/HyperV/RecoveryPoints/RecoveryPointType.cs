namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>The kinds of recovery point, told apart by <c>VirtualSystemType</c>.</summary>
public enum RecoveryPointType
{
    /// <summary>A kind of replica point that is not published.</summary>
    Unknown,

    /// <summary><c>Microsoft:Hyper-V:Snapshot:Replica:Standard</c>: crash-consistent.</summary>
    Standard,

    /// <summary><c>Microsoft:Hyper-V:Snapshot:Replica:ApplicationConsistent</c>: made with VSS.</summary>
    ApplicationConsistent,

    /// <summary><c>Microsoft:Hyper-V:Snapshot:Replica:PlannedFailover</c>: made by a planned failover.</summary>
    PlannedFailover,
}
