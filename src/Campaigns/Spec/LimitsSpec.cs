using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How many items may be in flight at once. All limits hold together. A percentage is of the campaign's items and gives at least 1.</summary>
public sealed record LimitsSpec
{
    /// <summary>In the whole campaign; null for no limit.</summary>
    public Amount? Campaign { get; init; }

    /// <summary>On each host.</summary>
    /// <value>The default is 3, Hyper-V's own number of parallel transfers.</value>
    public Amount? Host { get; init; } = Amount.Count(3);

    /// <summary>On the hosts of each site; null for no limit.</summary>
    public Amount? Site { get; init; }

    /// <summary>On each link, which is a pair of source site and primary site; null for no limit.</summary>
    public Amount? Link { get; init; }

    /// <summary>Of each tenant; null for no limit.</summary>
    public Amount? Tenant { get; init; }
}
