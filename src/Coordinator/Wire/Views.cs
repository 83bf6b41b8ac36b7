using HostAgent.Campaigns.Planning;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Wire;

/// <summary>The durable state of a campaign, without its items.</summary>
internal sealed record HeaderView
{
    /// <summary>Whether it only tests replicas, and moves no machine.</summary>
    public bool OnlyTests { get; init; }

    /// <summary>Which channels must be proven before it starts; null for none.</summary>
    public Campaigns.Spec.NotificationsSpec? Notifications { get; init; }

    public required long Version { get; init; }

    /// <summary>The document's revision; the items belong to it.</summary>
    public long Revision { get; init; }

    public required CampaignState State { get; init; }

    public PauseCause PauseCause { get; init; }

    /// <summary>One sentence about the state.</summary>
    public string Explanation { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it was or will be started; null for neither.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>The forecast that it was started with; null for none.</summary>
    public Campaigns.Planning.StartForecast? Forecast { get; init; }

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    public required IReadOnlyList<WaveView> Waves { get; init; }

    /// <summary>What its plan left out and warned about.</summary>
    public PlanNotes Notes { get; init; } = PlanNotes.None;

    /// <summary>Whether nothing more happens to it without a person.</summary>
    public bool IsTerminal => State is CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped;
}

/// <summary>The durable state of a wave, without live percentages.</summary>
internal sealed record WaveView
{
    public required string Name { get; init; }

    public WaveState State { get; init; } = WaveState.Pending;

    /// <summary>Its items by state. Not modified after publication.</summary>
    public required ItemCounts Counts { get; init; }

    /// <summary>What its gate still waits for; empty for nothing.</summary>
    public string WaitingFor { get; init; } = string.Empty;

    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Who approved the outages of its machines; empty when no one has.</summary>
    public string OutagesApprovedBy { get; init; } = string.Empty;

    /// <summary>Whether it waits for an approval.</summary>
    public bool AwaitsApproval { get; init; }

    /// <summary>Who approved the outages of the way back of a drill; empty when no one has.</summary>
    public string WayBackApprovedBy { get; init; } = string.Empty;

    /// <summary>When it was started; null before.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When its last item became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>The durable state of an item; its live percentage is kept separately.</summary>
internal sealed record ItemView
{
    public required string Id { get; init; }

    public required int Wave { get; init; }

    public required string Host { get; init; }

    /// <summary>The virtual machine's GUID, upper case.</summary>
    public required string VirtualMachineId { get; init; }

    public required string VirtualMachineName { get; init; }

    public ItemState State { get; init; } = ItemState.Pending;

    /// <summary>One sentence about the state.</summary>
    public string Explanation { get; init; } = string.Empty;

    /// <summary>The attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>The same of its present step alone.</summary>
    public int StepAttempt { get; init; }

    /// <summary>The index of its current step, from 0. Its percentage is that step's.</summary>
    public int Step { get; init; }

    /// <summary>How many steps it has.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>The UUID of the attempt; empty before the first.</summary>
    public string OperationId { get; init; } = string.Empty;

    /// <summary>The reason of the last failure; empty when there was none.</summary>
    public string FailureReason { get; init; } = string.Empty;

    /// <summary>When the next attempt is due; null when none is.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When the attempt was started; null before.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The lower percentage that it went back to with this change; null when it did not.</summary>
    public int? WentBackTo { get; init; }

    /// <summary>Whether nothing more happens to it without a person.</summary>
    public bool IsTerminal => State is >= ItemState.Succeeded and <= ItemState.UnknownOutcome;
}
