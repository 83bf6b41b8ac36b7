using System.Text.Json.Serialization;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>What a job is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PhaseKind>))]
internal enum PhaseKind
{
    /// <summary>Accepted, not begun (JobState New).</summary>
    Submit,

    /// <summary>Beginning (JobState Starting); waits in New while the host has no room for a further job.</summary>
    Start,

    /// <summary>Comparing blocks with the primary site.</summary>
    Compare,

    /// <summary>Sending differing blocks over the shared link.</summary>
    Transfer,

    /// <summary>Merging; from here on there is no way back.</summary>
    Merge,

    /// <summary>Work of another kind, which takes its time.</summary>
    Other,

    /// <summary>Ending because somebody asked for it (JobState ShuttingDown).</summary>
    Stop,
}
