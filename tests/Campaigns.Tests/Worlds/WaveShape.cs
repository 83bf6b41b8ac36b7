namespace HostAgent.Campaigns.Tests.Worlds;

internal enum WaveShape
{
    /// <summary>One wave without anything.</summary>
    One,

    /// <summary>One wave with a ramp.</summary>
    Ramp,

    /// <summary>A canary with a soak, then the rest.</summary>
    Soak,

    /// <summary>The databases with an approval, then the applications.</summary>
    Approval,

    /// <summary>A canary with approval and soak, databases with a ramp, then the rest.</summary>
    Three,
}
