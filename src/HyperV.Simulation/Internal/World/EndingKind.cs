using System.Text.Json.Serialization;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>What happens when a job's work is done.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndingKind>))]
internal enum EndingKind
{
    /// <summary>It takes a terminal state.</summary>
    Ends,

    /// <summary>Nothing: it stays as it is until it is cancelled.</summary>
    Holds,

    /// <summary>It and its record are gone.</summary>
    Vanishes,

    /// <summary>The management service restarts: all jobs are gone.</summary>
    HostRestarts,
}
