using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Internal;

/// <summary>A set of items that others wait for.</summary>
internal sealed class DependencyState(PlannedDependency planned)
{
    public PlannedDependency Planned { get; } = planned;

    /// <summary>How many of the set have not succeeded.</summary>
    public int Open { get; set; } = planned.After.Count;

    /// <summary>How many of the set have ended without success.</summary>
    public int Unmet { get; set; }

    /// <summary>The positions of the items that wait.</summary>
    public List<int> Waiting { get; } = [];
}
