namespace HostAgent.Campaigns.Spec;

/// <summary>What exceeding the tolerance does.</summary>
public enum BreachAction
{
    /// <summary>The campaign pauses until a person resumes it.</summary>
    Pause,

    /// <summary>The campaign stops for good.</summary>
    Stop,
}
