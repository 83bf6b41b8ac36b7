namespace HostAgent.Campaigns.States;

/// <summary>Why a campaign is paused.</summary>
public enum PauseCause
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>A person asked.</summary>
    Operator,

    /// <summary>More failures than tolerated.</summary>
    Tolerance,

    /// <summary>A gate was rejected.</summary>
    Gate,

    /// <summary>The window is closed.</summary>
    Window,

    /// <summary>Agents refuse this coordinator: another process, or another coordinator, acts for the campaign.</summary>
    Ownership,
}
