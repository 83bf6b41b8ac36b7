using System.Reflection;
using System.Text.Json;
using HostAgent.HyperV.Wine.Harness;
using HostAgent.HyperV.Wine.Harness.Running;
using HostAgent.HyperV.Wine.Running;

namespace HostAgent.HyperV.Wine;

/// <summary>One run of every group of cases, each in a process of its own, one after the other.</summary>
/// <param name="machine">Where they run.</param>
public sealed class HarnessRun(WineMachine machine) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, ToolRun> _runs = [];

    public async ValueTask InitializeAsync()
    {
        if (WineTools.Missing is not null)
        {
            return;
        }

        var program = typeof(HarnessRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Harness").Value!;
        var prefix = await machine.PrefixAsync();
        foreach (var group in CaseGroups.All)
        {
            _runs[group.Name] = await prefix.RunAsync(program, [group.Name], Patience);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>How a case ended. Fails when the program never came to it, skips the test where nothing can be run.</summary>
    public CaseLine LineOf(string group, string name)
    {
        var run = RunOf(group);
        return Lines(run).FirstOrDefault(line => line.Name == name)
            ?? throw new InvalidOperationException($"The run of {group} {run.End} before this case.\n{run.Errors}");
    }

    /// <summary>Fails unless a group came to its end by itself.</summary>
    public void RequireEnd(string group)
    {
        var run = RunOf(group).Require($"The run of {group}");
        run.Lines.ShouldContain(CaseLine.LastLine);
    }

    private ToolRun RunOf(string group)
    {
        Assert.SkipWhen(WineTools.Missing is not null, WineTools.Missing ?? string.Empty);
        return _runs[group];
    }

    private static IEnumerable<CaseLine> Lines(ToolRun run) => run.Lines
        .Where(line => line.StartsWith(CaseLine.Mark, StringComparison.Ordinal))
        .Select(line => JsonSerializer.Deserialize<CaseLine>(line[CaseLine.Mark.Length..])!);
}
