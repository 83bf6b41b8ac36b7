using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>What is the same in every run of a forecast: the host and link of each step of each item, and their limits. Steps are numbered through.</summary>
internal sealed class VirtualEstate
{
    /// <summary>The number of each item's first step, by the item's index in the plan.</summary>
    public required IReadOnlyList<int> FirstStepOf { get; init; }

    /// <summary>The index of each step's item in the plan.</summary>
    public required IReadOnlyList<int> ItemOf { get; init; }

    /// <summary>The index of each step's host.</summary>
    public required IReadOnlyList<int> HostOf { get; init; }

    /// <summary>The index of each step's link.</summary>
    public required IReadOnlyList<int> LinkOf { get; init; }

    /// <summary>How long each step takes that does not depend on the size of the disks, a switch or a test; null for the others.</summary>
    public required IReadOnlyList<TimeSpan?> FixedTimes { get; init; }

    /// <summary>What each step takes besides the work on the disks, such as a rehearsal.</summary>
    public required IReadOnlyList<TimeSpan> AddedTimes { get; init; }

    /// <summary>How many failbacks each host's agent runs at once; <see cref="int.MaxValue"/> when unknown.</summary>
    public required IReadOnlyList<int> AgentLimits { get; init; }

    /// <summary>The bandwidth of each link, in bytes per second; infinite without an assumption.</summary>
    public required IReadOnlyList<double> Bandwidths { get; init; }

    public static VirtualEstate Of(IReadOnlyList<PlannedItem> items, ForecastRequest request)
    {
        var hosts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var links = new Dictionary<(string Site, string PrimarySite), int>();
        var firstStepOf = new int[items.Count];
        var steps = items.Sum(item => item.StepCount);
        var (itemOf, hostOf, linkOf, fixedTimes, addedTimes) = (new int[steps], new int[steps], new int[steps], new TimeSpan?[steps], new TimeSpan[steps]);
        var (agentLimits, bandwidths) = (new List<int>(), new List<double>());
        var number = 0;
        for (var index = 0; index < items.Count; index++)
        {
            firstStepOf[index] = number;
            for (var position = 0; position < items[index].StepCount; position++, number++)
            {
                var step = items[index].StepAt(position);
                itemOf[number] = index;
                fixedTimes[number] = request.OfTests ? null : (position == 0 ? request.FirstSteps?[index] : null) ?? VirtualAgents.FixedTimeOf(step.Kind, request);
                addedTimes[number] = step.Kind == StepKind.Synchronize && request is { OfCopies: false, Spec.HostToHost.Rehearse: true } ? VirtualAgents.Test : TimeSpan.Zero;
                if (!hosts.TryGetValue(step.Host, out hostOf[number]))
                {
                    hosts.Add(step.Host, hostOf[number] = agentLimits.Count);
                    agentLimits.Add(request.AgentLimits.TryGetValue(step.Host, out var limit) ? limit : int.MaxValue);
                }

                var ends = step.Kind == StepKind.SwitchOver ? items[index].StepAt(0) : step;
                if (!links.TryGetValue((ends.Site, ends.PrimarySite), out linkOf[number]))
                {
                    links.Add((ends.Site, ends.PrimarySite), linkOf[number] = bandwidths.Count);
                    bandwidths.Add(BandwidthOf(ends, request.Assumptions.Links));
                }
            }
        }

        return new VirtualEstate { FirstStepOf = firstStepOf, ItemOf = itemOf, HostOf = hostOf, LinkOf = linkOf, FixedTimes = fixedTimes, AddedTimes = addedTimes, AgentLimits = agentLimits, Bandwidths = bandwidths };
    }

    public VirtualEstate WithAgentLimitsDoubled() => Copy([.. AgentLimits.Select(limit => limit > int.MaxValue / 2 ? limit : limit * 2)], Bandwidths);

    public VirtualEstate WithBandwidthDoubled() => Copy(AgentLimits, [.. Bandwidths.Select(bandwidth => bandwidth * 2)]);

    private VirtualEstate Copy(IReadOnlyList<int> agentLimits, IReadOnlyList<double> bandwidths)
        => new() { FirstStepOf = FirstStepOf, ItemOf = ItemOf, HostOf = HostOf, LinkOf = LinkOf, FixedTimes = FixedTimes, AddedTimes = AddedTimes, AgentLimits = agentLimits, Bandwidths = bandwidths };

    private static double BandwidthOf(PlannedStep step, IReadOnlyList<LinkBandwidth> links)
    {
        var own = links.FirstOrDefault(link => Same(link.Site, step.Site) && Same(link.PrimarySite, step.PrimarySite))
            ?? links.FirstOrDefault(link => link.Site.Length == 0 && link.PrimarySite.Length == 0);
        return own?.BytesPerSecond ?? double.PositiveInfinity;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
