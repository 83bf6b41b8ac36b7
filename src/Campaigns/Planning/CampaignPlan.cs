using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>What a campaign would do.</summary>
/// <param name="Waves">The waves in order.</param>
/// <param name="Items">The items in starting order: wave by wave, round-robin over hosts, then by name, then by id.</param>
/// <param name="Dependencies">The dependencies between them.</param>
/// <param name="Refused">Machines that a selector named or matched but that are not in the plan.</param>
/// <param name="Peaks">The highest number in flight that each limit allows with these items.</param>
/// <param name="Warnings">Notable findings that are not errors.</param>
public sealed record CampaignPlan(
    IReadOnlyList<PlannedWave> Waves,
    IReadOnlyList<PlannedItem> Items,
    IReadOnlyList<PlannedDependency> Dependencies,
    IReadOnlyList<RefusedItem> Refused,
    IReadOnlyList<LimitPeak> Peaks,
    IReadOnlyList<PlanWarning> Warnings)
{
    /// <summary>The sets of items whose services go down together.</summary>
    public IReadOnlyList<PlannedSet> Together { get; init; } = [];

    /// <summary>The items that must succeed before an item may start.</summary>
    /// <param name="item">The index of the item in <see cref="Items"/>.</param>
    /// <returns>Their indexes, ascending.</returns>
    public IReadOnlyList<int> AfterOf(int item)
    {
        if (Items[item].Dependencies is [var only])
        {
            // The common case, including many items that wait for many others.
            return Dependencies[only].After;
        }

        var after = new SortedSet<int>();
        foreach (var dependency in Items[item].Dependencies)
        {
            after.UnionWith(Dependencies[dependency].After);
        }

        return [.. after];
    }
}

/// <summary>One wave of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Hosts">How many hosts they are on.</param>
/// <param name="Gate">The gate after it in words; empty for none.</param>
public sealed record PlannedWave(string Name, int Items, int Hosts, string Gate);

/// <summary>One virtual machine of a campaign.</summary>
public sealed record PlannedItem
{
    /// <summary>Its id within the campaign: the machine's GUID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The index of its wave, from 0.</summary>
    public required int Wave { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The host's site; empty when unknown.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The machine's primary site; empty when unknown.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant; empty when unknown.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>The machine's GUID.</summary>
    public required Guid VirtualMachineId { get; init; }

    /// <summary>The machine's name.</summary>
    public required string VirtualMachineName { get; init; }

    /// <summary>The size of its disks in bytes; 0 when unknown.</summary>
    public long DiskBytes { get; init; }

    /// <summary>The campaign that failed back another copy of the machine earlier, if the plan accepted that; null for none.</summary>
    public string? AcceptedFormer { get; init; }

    /// <summary>The dependencies that must be met before it starts: indexes into the plan's dependencies.</summary>
    public IReadOnlyList<int> Dependencies { get; init; } = [];

    /// <summary>
    /// Its steps in order. Null for a single <see cref="Strategy.InitiateFailback"/> step on <see cref="Host"/>, so that a hundred thousand
    /// items need not repeat it.
    /// </summary>
    public IReadOnlyList<PlannedStep>? Steps { get; init; }

    /// <summary>The number of steps; at least 1.</summary>
    [JsonIgnore]
    public int StepCount => Steps?.Count ?? 1;

    /// <summary>Whether it comes back to where it was, so that its success has moved nothing.</summary>
    [JsonIgnore]
    public bool ComesBack => Steps is { Count: > 2 } steps && string.Equals(steps[^1].Host, Host, StringComparison.Ordinal);

    /// <summary>Returns a step.</summary>
    /// <param name="position">Its index, from 0.</param>
    /// <returns>The step.</returns>
    public PlannedStep StepAt(int position) => Steps is { } steps ? steps[position] : new PlannedStep(StepKind.InitiateFailback, Host) { Site = Site, PrimarySite = PrimarySite, Tenant = Tenant };
}

/// <summary>The operation that a step requests from an agent.</summary>
public enum StepKind
{
    /// <summary><c>Msvm_ReplicationService.InitiateFailback</c> on the replica's host.</summary>
    InitiateFailback,

    /// <summary>The machine at home becomes a replica and is brought in step, while production runs on.</summary>
    Synchronize,

    /// <summary>The service is switched over to the machine at home, which is verified and protected.</summary>
    SwitchOver,

    /// <summary>A test failover of the replica is made, started, checked and removed; production runs on.</summary>
    TestFailover,

    /// <summary>Production stays where it runs, and the machine at home stays its replica.</summary>
    Protect,
}

/// <summary>One operation of one host's agent in an item's failback. Its parameters come from the document.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Host">The host's name. Its limits and breaker apply to the step.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlannedStep(StepKind Kind, string Host)
{
    /// <summary>The host's site; empty when unknown.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The site at the other end of the step's link; empty when unknown.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant; empty when unknown.</summary>
    public string Tenant { get; init; } = string.Empty;
}

/// <summary>A set of items that other items wait for.</summary>
/// <param name="Text">As in the document, for example <c>app-* after sql-*</c>.</param>
/// <param name="After">The indexes of the items that must succeed, ascending.</param>
public sealed record PlannedDependency(string Text, IReadOnlyList<int> After);

/// <summary>A set of items whose services go down together: none of them before all are in step.</summary>
/// <param name="Text">As in the document, for example <c>sql-*</c>.</param>
/// <param name="Items">Their indexes, ascending.</param>
public sealed record PlannedSet(string Text, IReadOnlyList<int> Items);

/// <summary>A machine that was selected but is not in the plan.</summary>
/// <param name="Host">The host's name; empty when no host has it.</param>
/// <param name="VirtualMachineId">Its GUID; null when unknown.</param>
/// <param name="VirtualMachineName">Its name, or the id that was not found.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedItem(string Host, Guid? VirtualMachineId, string VirtualMachineName, string Reason);

/// <summary>The peak of a limit.</summary>
/// <param name="Limit">campaign, host, site, link or tenant.</param>
/// <param name="Key">Which host, site, link or tenant; empty for the campaign.</param>
/// <param name="Allowed">The number allowed.</param>
/// <param name="Peak">The highest number in flight that the items can reach.</param>
public sealed record LimitPeak(string Limit, string Key, int Allowed, int Peak);
