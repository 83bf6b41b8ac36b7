using System.Text.Json;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>What a run of the Python client left behind.</summary>
internal sealed record PythonPeerResult(int ExitCode, string Output, string Error)
{
    /// <summary>Its output, one JSON object a line.</summary>
    public IReadOnlyList<JsonElement> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>All of it, for a failing test to show.</summary>
    public string Everything => $"exit code {ExitCode}\n{Output}\n{Error}";
}
