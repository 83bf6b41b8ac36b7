namespace HostAgent.Campaigns.States;

/// <summary>Where a host's circuit breaker stands.</summary>
public enum BreakerStatus
{
    /// <summary>Items start.</summary>
    Closed,

    /// <summary>Nothing new starts.</summary>
    Open,

    /// <summary>One item may start, as a probe.</summary>
    HalfOpen,
}
