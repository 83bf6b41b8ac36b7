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
}

/// <summary>A person rejected the wave's gate.</summary>
/// <param name="Wave">Its index, from 0.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record WaveRejected(int Wave, string Actor, string Comment) : CampaignEvent;

/// <summary>An item of a finished wave is retried.</summary>
/// <param name="Wave">Its index, from 0.</param>
public sealed record WaveReopened(int Wave) : CampaignEvent;
