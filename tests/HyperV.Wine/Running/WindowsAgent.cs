using System.Reflection;

namespace HostAgent.HyperV.Wine.Running;

/// <summary>The agent as it is published for Windows: the one that the environment names, else one that is published here.</summary>
internal static class WindowsAgent
{
    /// <summary>Names the folder of an agent that was published already.</summary>
    private const string Published = "HYPERV_WINE_AGENT";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The program's path.</summary>
    /// <param name="directory">Where to publish, and to build: the checkout's own folders stay as they are.</param>
    public static async Task<string> PublishAsync(string directory)
    {
        if (Environment.GetEnvironmentVariable(Published) is { Length: > 0 } folder)
        {
            return Path.Combine(folder, "HostAgent.Agent.exe");
        }

        var project = typeof(WindowsAgent).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Agent").Value!;
        var output = Path.Combine(directory, "agent");
        var publish = await ToolRun.StartAsync(
            "dotnet",
            [
                "publish", project, "-c", "Release", "-r", "win-x64", "--self-contained", "-o", output, "--artifacts-path", Path.Combine(directory, "artifacts"),
                "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-nodeReuse:false", "-p:UseSharedCompilation=false",
            ],
            new Dictionary<string, string>(),
            Patience);
        publish.Require("Publishing the agent for Windows");
        return Path.Combine(output, "HostAgent.Agent.exe");
    }
}
