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

    /// <summary>The program that is run before its first outage; null before it is begun.</summary>
    [JsonInclude]
    public WaveProgram? Before { get; internal set; }

    /// <summary>The program that is run after its last machine has ended; null before it is begun.</summary>
    [JsonInclude]
    public WaveProgram? After { get; internal set; }

    /// <summary>The number of the program's run that was begun last: a report about an earlier one is late.</summary>
    [JsonInclude]
    internal int ProgramRuns { get; set; }

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
            if (AskingMoment is { } asking)
            {
                return $"a decision about its program {Spec.Once!.NameAt(asking)}, {(ProgramAt(asking)!.Status == ProgramStatus.Failed ? "which failed" : "of which nobody knows how it ended")}";
            }

            if (RunningMoment is { } running)
            {
                return $"its program {Spec.Once!.NameAt(running)}";
            }

            if (Status == WaveStatus.Running && NeedsOutageApproval && Counts[ItemStatus.Synced] > 0)
            {
                return $"approval of its outages by {Outage!.Describe()}";
            }

            if (Status == WaveStatus.Running && AwaitsWayBack > 0 && NeedsApprovalOf(1))
            {
                return $"approval of its way back by {Outage!.Describe()}";
            }

            if (Status == WaveStatus.Running && LeftOutInStep(0) + LeftOutInStep(1) is var left and > 0)
            {
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"approval by {Outage!.Describe()} of {left} outage{(left == 1 ? "" : "s")} that the one given left out");
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

    /// <summary>Whether it waits for a person's approval: of its gate, of outages that are next, or of those of the way back of a drill.</summary>
    public bool AwaitsApproval => Status == WaveStatus.AtGate ? NeedsApproval
        : Status == WaveStatus.Running && ((NeedsOutageApproval && Counts[ItemStatus.Synced] > 0) || (AwaitsWayBack > 0 && NeedsApprovalOf(1)) || LeftOutInStep(0) + LeftOutInStep(1) > 0);

    /// <summary>The program about which a person must decide; null for none. One that is run before the outages asks nothing once all of its items have ended.</summary>
    internal WaveMoment? AskingMoment => Status != WaveStatus.Running ? null
        : After is { Asks: true } ? WaveMoment.AfterEnd
        : Before is { Asks: true } && Counts.Terminal < Counts.Total ? WaveMoment.BeforeOutages
        : null;

    private WaveMoment? RunningMoment => Before is { Status: ProgramStatus.Running } ? WaveMoment.BeforeOutages : After is { Status: ProgramStatus.Running } ? WaveMoment.AfterEnd : null;

    /// <summary>Whether its program must be run before a service of it goes down.</summary>
    internal bool NeedsBeforeProgram => Before is null && Spec.Once is { BeforeOutages.Length: > 0 };

    /// <summary>Whether a program that was begun keeps its services up; that after its end does, when machines are retried meanwhile.</summary>
    internal bool HoldsOutages => Before is { IsSettled: false } || After is { IsSettled: false };

    /// <summary>Whether its program must have been run before it is done; not where the one before its outages was never begun, since there is nothing to end.</summary>
    internal bool NeedsAfterProgram => Spec.Once is { AfterEnd.Length: > 0 } once && After is not { IsSettled: true } && Counts.Total > 0 && (once.BeforeOutages.Length == 0 || Before is not null);

    /// <summary>One of its programs; null before it is begun.</summary>
    internal WaveProgram? ProgramAt(WaveMoment moment) => moment == WaveMoment.BeforeOutages ? Before : After;

    internal void Set(WaveMoment moment, WaveProgram? program)
    {
        if (moment == WaveMoment.BeforeOutages)
        {
            Before = program;
        }
        else
        {
            After = program;
        }
    }

    internal bool NeedsApproval => Spec.Gate is { Approvers.Count: > 0 } && ApprovedBy is null;

    internal bool NeedsOutageApproval => NeedsApprovalOf(0);

    /// <summary>How many of its items are in step on the way back of a drill.</summary>
    internal int AwaitsWayBack { get; set; }

    /// <summary>The machines that the approval of a way left out, by their index in the plan, and who has approved theirs since: null for no one. Null when it left out none.</summary>
    [JsonInclude]
    internal SortedDictionary<int, string?>? LeftOut { get; set; }

    /// <summary>The same for the way back of a drill.</summary>
    [JsonInclude]
    internal SortedDictionary<int, string?>? LeftOutOfWayBack { get; set; }

    // How many of them are in step, and wait for nothing else: there, and back.
    private readonly int[] _leftOutInStep = new int[2];

    /// <summary>Whether the outages of a way need an approval that no one has given: 0 for the way there, 1 for the way back of a drill.</summary>
    internal bool NeedsApprovalOf(int way) => Outage is { Automatic: false } && ApproverOf(way) is null;

    /// <summary>Who approved the outages of a way; null when no one has.</summary>
    internal string? ApproverOf(int way) => way == 0 ? OutagesApprovedBy : WayBackApprovedBy;

    /// <summary>The machines that the approval of a way left out; null when it left out none.</summary>
    internal SortedDictionary<int, string?>? LeftOutOf(int way) => way == 0 ? LeftOut : LeftOutOfWayBack;

    /// <summary>Whether the approval of a way left this machine out, and no one has approved its outage since.</summary>
    internal bool LeavesOut(int way, int index) => LeftOutOf(way) is { } left && left.TryGetValue(index, out var approver) && approver is null;

    /// <summary>How many of the machines that the approval of a way left out are in step, and wait for one of their own.</summary>
    internal int LeftOutInStep(int way) => _leftOutInStep[way];

    internal void CountLeftOutInStep(int way, int change) => _leftOutInStep[way] += change;

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

/// <summary>A program of a wave that was begun.</summary>
/// <param name="Status">How far it is.</param>
/// <param name="Run">The number of the run, from 1 for the wave's first program.</param>
/// <param name="Explanation">How it ended, for a person; empty before.</param>
public sealed record WaveProgram(ProgramStatus Status, int Run, string Explanation)
{
    /// <summary>Whether a person must decide about it.</summary>
    internal bool Asks => Status is ProgramStatus.Failed or ProgramStatus.Unknown;

    /// <summary>Whether it is done with.</summary>
    internal bool IsSettled => Status is ProgramStatus.Succeeded or ProgramStatus.Skipped;
}
