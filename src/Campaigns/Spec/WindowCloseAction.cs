namespace HostAgent.Campaigns.Spec;

/// <summary>What the closing of the window does. Neither touches what runs.</summary>
public enum WindowCloseAction
{
    /// <summary>Nothing starts until the window opens again; then it goes on by itself.</summary>
    Drain,

    /// <summary>Nothing starts until the window is open again and a person has resumed the campaign.</summary>
    Pause,
}
