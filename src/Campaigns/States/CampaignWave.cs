using System.Text.Json.Serialization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.States;

/// <summary>The current state of one wave. Changes when events are applied; not thread-safe.</summary>
public sealed class CampaignWave
{
    [JsonConstructor]
    internal CampaignWave()
    {
    }

    internal CampaignWave(int index, WaveSpec spec, OutageSpec? outage)
    {
        Join(index, spec, outage);
        RampBound = spec.Ramp?.Start ?? int.MaxValue;
    }

    /// <summary>Its index, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>The wave in the document.</summary>
    public WaveSpec Spec { get; private set; } = null!;

    /// <summary>Its state.</summary>
    [JsonInclude]
    public WaveStatus Status { get; internal set; }

    /// <summary>Its items by state.</summary>
    public ItemCounts Counts { get; } = new();

    /// <summary>Who approved its gate; null when no one has.</summary>
    [JsonInclude]
    public string? ApprovedBy { get; internal set; }

    /// <summary>Who rejected its gate; null when no one has, or when it was approved later.</summary>
    [JsonInclude]
    public string? RejectedBy { get; internal set; }

    /// <summary>Who approved the outages of its machines; null when no one has.</summary>
    [JsonInclude]
    public string? OutagesApprovedBy { get; internal set; }

    /// <summary>Who approved the outages of the way back of a drill; null when no one has.</summary>
    [JsonInclude]
    public string? WayBackApprovedBy { get; internal set; }

    /// <summary>Who approves the outages of its machines; null when its machines have none.</summary>
    public OutageSpec? Outage { get; private set; }

    /// <summary>When its soak ends; null when none is under way.</summary>
    [JsonInclude]
    public DateTimeOffset? SoakEndTime { get; internal set; }

    /// <summary>When it was started; null before.</summary>
    [JsonInclude]
    public DateTimeOffset? StartTime { get; internal set; }

    /// <summary>When its last item became terminal; null before.</summary>
    [JsonInclude]
    public DateTimeOffset? EndTime { get; internal set; }

    /// <summary>What its gate still waits for, in words; empty for nothing.</summary>
    public string WaitingFor
    {
        get
        {
            if (Status == WaveStatus.Running && NeedsOutageApproval && Counts[ItemStatus.Synced] > 0)
            {
                return $"approval of its outages by {Outage!.Describe()}";
            }

            if (Status == WaveStatus.Running && AwaitsWayBack > 0 && NeedsApprovalOf(1))
            {
                return $"approval of its way back by {Outage!.Describe()}";
            }

            if (Status != WaveStatus.AtGate)
            {
                return string.Empty;
            }

            var waits = new List<string>(2);
            if (NeedsApproval)
            {
                waits.Add((RejectedBy is null ? string.Empty : $"rejected by {RejectedBy}; ") + "approval by " + string.Join(" or ", Spec.Gate!.Approvers));
            }

            if (SoakEndTime is { } end)
            {
                waits.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"soak until {end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"));
            }

            return string.Join(", ", waits);
        }
    }

    internal bool NeedsApproval => Spec.Gate is { Approvers.Count: > 0 } && ApprovedBy is null;

    internal bool NeedsOutageApproval => NeedsApprovalOf(0);

    /// <summary>How many of its items are in step on the way back of a drill.</summary>
    internal int AwaitsWayBack { get; set; }

    /// <summary>Whether the outages of a way need an approval that no one has given: 0 for the way there, 1 for the way back of a drill.</summary>
    internal bool NeedsApprovalOf(int way) => Outage is { Automatic: false } && ApproverOf(way) is null;

    /// <summary>Who approved the outages of a way; null when no one has.</summary>
    internal string? ApproverOf(int way) => way == 0 ? OutagesApprovedBy : WayBackApprovedBy;

    /// <summary>Whether its gate was passed once; a retry does not close it again.</summary>
    [JsonInclude]
    internal bool GatePassed { get; set; }

    /// <summary>The index of its first item in the plan; its items are contiguous.</summary>
    internal int FirstItem { get; set; }

    /// <summary>How many of its items are in flight, but for those that are brought in step.</summary>
    internal int InFlight { get; set; }

    /// <summary>How many of its items the ramp allows in flight.</summary>
    [JsonInclude]
    internal int RampBound { get; set; }

    /// <summary>Successes since the ramp's last step.</summary>
    [JsonInclude]
    internal int RampSuccesses { get; set; }

    /// <summary>Places it in the document. Called once, before anything else.</summary>
    internal void Join(int index, WaveSpec spec, OutageSpec? outage) => (Index, Spec, Outage) = (index, spec, outage);
}
