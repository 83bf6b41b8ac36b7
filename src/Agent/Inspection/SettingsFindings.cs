using HostAgent.Agent.Configuration;

namespace HostAgent.Agent.Inspection;

/// <summary>Says what the settings come to, wherever each of them is from.</summary>
internal static class SettingsFindings
{
    private const string Part = "settings";

    /// <summary>Judges settings that are valid.</summary>
    public static Finding Of(AgentOptions options)
    {
        var host = options.Simulate is { } document ? $"host {options.Host}, simulated from '{document}'" : $"host {options.Host}";
        return Finding.Ok(Part, $"{host}; listens on {options.Listen}; journal in '{Path.GetFullPath(options.Data)}'");
    }
}
