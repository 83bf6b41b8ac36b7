using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Messages;

/// <summary>The wave's items may start.</summary>
/// <param name="Wave">Its index, from 0.</param>
public sealed record WaveStarted(int Wave) : CampaignEvent;

/// <summary>Every item of the wave is terminal and its gate is open.</summary>
/// <param name="Wave">Its index, from 0.</param>
public sealed record WaveDone(int Wave) : CampaignEvent;

/// <summary>The wave's soak is over.</summary>
/// <param name="Wave">Its index, from 0.</param>
public sealed record WaveSoaked(int Wave) : CampaignEvent;

/// <summary>A person ended what soaked in the wave before its time: its gate, and the machines of a planned drill that were left running at the recovery site then.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record SoakEnded(int Wave, string Actor, string Comment) : CampaignEvent;

/// <summary>Every item of the wave is terminal; its gate is not open yet.</summary>
/// <param name="Wave">Its index, from 0.</param>
public sealed record WaveReachedGate(int Wave) : CampaignEvent;

/// <summary>A person approved the wave's gate.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record WaveApproved(int Wave, string Actor, string Comment) : CampaignEvent;

/// <summary>A person approved the outages of the wave's machines.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record WaveOutagesApproved(int Wave, string Actor, string Comment) : CampaignEvent
{
    /// <summary>Whether those of the way back of a drill are meant, not those of the way there.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool WayBack { get; init; }

    /// <summary>The machines that it leaves out, by their index in the plan: they were held, or had ended, and need an approval of their own when they go on; null for none.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Except { get; init; }
}

/// <summary>A program of the wave is to be run: durable before it is.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Moment">Which one.</param>
/// <param name="Run">The number of the run, from 1 for the wave's first program.</param>
/// <param name="Actor">Who had it run: the coordinator the first time, a person each time after.</param>
public sealed record WaveProgramBegun(int Wave, WaveMoment Moment, int Run, string Actor) : CampaignEvent;

/// <summary>A program of the wave has ended, or nobody knows any more whether it has.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Moment">Which one.</param>
/// <param name="Run">Which run.</param>
/// <param name="Status">How: succeeded, failed or unknown.</param>
/// <param name="Explanation">What it said, or why it is not known.</param>
public sealed record WaveProgramEnded(int Wave, WaveMoment Moment, int Run, ProgramStatus Status, string Explanation) : CampaignEvent;

/// <summary>A person let the wave go on without its program.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Moment">Which one.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record WaveProgramSkipped(int Wave, WaveMoment Moment, string Actor, string Comment) : CampaignEvent;

/// <summary>A person rejected the wave's gate.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record WaveRejected(int Wave, string Actor, string Comment) : CampaignEvent;

/// <summary>An item of a finished wave is retried.</summary>
/// <param name="Wave">Its index, from 0.</param>
public sealed record WaveReopened(int Wave) : CampaignEvent;
