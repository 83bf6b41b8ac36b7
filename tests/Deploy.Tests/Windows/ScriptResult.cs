namespace HostAgent.Deploy.Tests.Windows;

/// <summary>What a script has returned.</summary>
/// <param name="Version">The version that is installed now.</param>
/// <param name="Changes">What it has changed, in its words.</param>
internal sealed record ScriptResult(string? Version, IReadOnlyList<string> Changes);
