using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>What a campaign would do.</summary>
/// <param name="Waves">The waves in order.</param>
/// <param name="Items">The items in the order in which they would start: wave by wave, round-robin over hosts, then by name, then by id.</param>
/// <param name="Dependencies">The dependencies between them.</param>
/// <param name="Refused">Machines that a selector named or matched and that are not part of the plan.</param>
/// <param name="Peaks">The highest number in flight at once that each limit allows with these items.</param>
/// <param name="Warnings">Worth knowing, not errors.</param>
public sealed record CampaignPlan(
    IReadOnlyList<PlannedWave> Waves,
    IReadOnlyList<PlannedItem> Items,
    IReadOnlyList<PlannedDependency> Dependencies,
    IReadOnlyList<RefusedItem> Refused,
    IReadOnlyList<LimitPeak> Peaks,
    IReadOnlyList<PlanWarning> Warnings)
{
    /// <summary>The items that must have succeeded before one may start.</summary>
    /// <param name="item">The position of the item in <see cref="Items"/>.</param>
    /// <returns>Their positions, ascending.</returns>
    public IReadOnlyList<int> AfterOf(int item)
    {
        if (Items[item].Dependencies is [var only])
        {
            // The common case, and the one in which many wait for many.
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

    /// <summary>The position of its wave, from 0.</summary>
    public required int Wave { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The site the host stands on; empty when not known.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The site the machine goes back to; empty when not known.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant; empty when not known.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>The machine's GUID.</summary>
    public required Guid VirtualMachineId { get; init; }

    /// <summary>The machine's name.</summary>
    public required string VirtualMachineName { get; init; }

    /// <summary>The size of its disks in bytes; 0 when not known.</summary>
    public long DiskBytes { get; init; }

    /// <summary>The campaign that failed back another copy of the machine before, when the plan was made knowing that; null for none.</summary>
    public string? AcceptedFormer { get; init; }

    /// <summary>The dependencies that must hold before it starts: positions in the plan's dependencies.</summary>
    public IReadOnlyList<int> Dependencies { get; init; } = [];

    /// <summary>
    /// Its steps in order. Null for the one step of <see cref="Strategy.InitiateFailback"/> on <see cref="Host"/>: a hundred thousand items need
    /// not say the same.
    /// </summary>
    public IReadOnlyList<PlannedStep>? Steps { get; init; }

    /// <summary>How many steps it has; at least 1.</summary>
    [JsonIgnore]
    public int StepCount => Steps?.Count ?? 1;

    /// <summary>A step.</summary>
    /// <param name="position">Its position, from 0.</param>
    /// <returns>The step.</returns>
    public PlannedStep StepAt(int position) => Steps is { } steps ? steps[position] : new PlannedStep(StepKind.InitiateFailback, Host) { Site = Site, PrimarySite = PrimarySite, Tenant = Tenant };
}

/// <summary>The operation that a step asks an agent for.</summary>
public enum StepKind
{
    /// <summary><c>Msvm_ReplicationService.InitiateFailback</c> on the host that has the replica.</summary>
    InitiateFailback,
}

/// <summary>One operation of one host's agent on the way home. Its parameters are the document's.</summary>
/// <param name="Kind">Which operation.</param>
/// <param name="Host">The host's name. Limits and breakers count the step there.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlannedStep(StepKind Kind, string Host)
{
    /// <summary>The site the host stands on; empty when not known.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The site at the other end of the link that the step uses; empty when not known.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant; empty when not known.</summary>
    public string Tenant { get; init; } = string.Empty;
}

/// <summary>A set of items that other items wait for.</summary>
/// <param name="Text">As the document says it, for example <c>app-* after sql-*</c>.</param>
/// <param name="After">The positions of the items that must have succeeded, ascending.</param>
public sealed record PlannedDependency(string Text, IReadOnlyList<int> After);

/// <summary>A machine that is not part of the plan although it was selected.</summary>
/// <param name="Host">The host's name; empty when no host has it.</param>
/// <param name="VirtualMachineId">Its GUID; null when not known.</param>
/// <param name="VirtualMachineName">Its name, or the id that was not found.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedItem(string Host, Guid? VirtualMachineId, string VirtualMachineName, string Reason);

/// <summary>How high a limit is reached.</summary>
/// <param name="Limit">campaign, host, site, link or tenant.</param>
/// <param name="Key">Which host, site, link or tenant; empty for the campaign.</param>
/// <param name="Allowed">The number allowed.</param>
/// <param name="Peak">The highest number in flight at once that the items can reach.</param>
public sealed record LimitPeak(string Limit, string Key, int Allowed, int Peak);
