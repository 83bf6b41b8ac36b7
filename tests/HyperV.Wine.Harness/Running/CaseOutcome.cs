using System.Text.Json.Serialization;

namespace HostAgent.HyperV.Wine.Harness.Running;

/// <summary>How a case ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseOutcome>))]
public enum CaseOutcome
{
    /// <summary>It passed.</summary>
    Passed,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It does not apply.</summary>
    Skipped,
}
