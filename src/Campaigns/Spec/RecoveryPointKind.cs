namespace HostAgent.Campaigns.Spec;

/// <summary>The ways to choose a recovery point.</summary>
public enum RecoveryPointKind
{
    /// <summary>The latest received state.</summary>
    Latest,

    /// <summary>The newest application-consistent point.</summary>
    LatestApplicationConsistent,

    /// <summary>The newest point that is not after a given time.</summary>
    NotAfter,
}
