using System.Text;
using System.Text.RegularExpressions;
using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests;

/// <summary>The table in the project's README is what the function does. With FAILOVER_WRITE_TABLE=1 it is written anew.</summary>
public sealed partial class TableTests
{
    private const string Begin = "<!-- table -->\n";
    private const string End = "<!-- end of table -->";
    private static readonly Goal[] Goals = [Goal.Home, Goal.Back, Goal.ProtectOnly, Goal.Stop];

    [Fact]
    public void Table_in_the_readme_is_generated()
    {
        var path = Path.Combine(Root(), "src", "Failover", "README.md");
        var readme = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        var table = Table();
        if (Environment.GetEnvironmentVariable("FAILOVER_WRITE_TABLE") == "1")
        {
            File.WriteAllText(path, readme[..begin] + table + readme[end..]);
            return;
        }

        readme[begin..end].ShouldBe(table, "run this test with FAILOVER_WRITE_TABLE=1 and look at what changed");
    }

    private static string Table()
    {
        var cells = new SortedDictionary<(Situation Situation, Goal Goal), SortedSet<string>>();
        foreach (var (recovery, home, records) in Pairs())
        {
            foreach (var goal in Goals)
            {
                var decision = FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, DateTimeOffset.UnixEpoch);
                var text = decision is Wait { Needs: { } needs }
                    ? $"{Words(needs.Gate.ToString())} → {Text(FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Approved(needs), goal, DateTimeOffset.UnixEpoch))}"
                    : Text(decision);
                var situation = Situations.Of(new Pair(recovery, home, FailoverSpec.Default, records, goal, DateTimeOffset.UnixEpoch));
                (cells.TryGetValue((situation, goal), out var cell) ? cell : cells[(situation, goal)] = new SortedSet<string>(StringComparer.Ordinal)).Add(text);
            }
        }

        var table = new StringBuilder("| situation | home | back | protect only | stop |\n|---|---|---|---|---|\n");
        foreach (var situation in Enum.GetValues<Situation>().Where(one => one != Situation.Unexpected))
        {
            table.Append("| ").Append(Words(situation.ToString())).Append(" |");
            foreach (var goal in Goals)
            {
                // Questions last: what is done by itself is what people look for.
                var cell = cells[(situation, goal)];
                table.Append(' ').AppendJoin("; ", cell.Where(one => one[0] != '*').Concat(cell.Where(one => one[0] == '*'))).Append(" |");
            }

            table.Append('\n');
        }

        return table.ToString();
    }

    private static IEnumerable<(MachineFacts Recovery, MachineFacts Home, FailoverRecords Records)> Pairs()
    {
        var fresh = DateTimeOffset.UnixEpoch.AddHours(1);
        var machines = new List<MachineFacts> { new() { Presence = Presence.Absent } };
        foreach (var power in (Power[])[Power.Off, Power.Running])
        {
            machines.Add(new MachineFacts { Mode = ReplicationMode.None, Power = power });
            machines.AddRange(Enumerable.Range(1, 11).SelectMany(state => new[] { ReplicationMode.Primary, ReplicationMode.Replica }.Select(mode => new MachineFacts
            {
                Mode = mode,
                State = (ReplicationState)state,
                Power = power,
                LastStart = fresh,
                FailedOverType = mode == ReplicationMode.Replica && state is 5 or 6 ? ReplicationType.Planned : ReplicationType.None,
                LastType = ReplicationType.Planned,
                LastReplication = fresh,
            })));
        }

        FailoverRecords[] memories =
        [
            new(),
            new() { ProductionAt = Side.Recovery },
            new() { ProductionAt = Side.Home },
            // The switch as it goes well.
            new() { ProductionAt = Side.Recovery, Shutdown = new ShutdownRecord(fresh), Prepare = new PrepareRecord(DateTimeOffset.UnixEpoch, fresh) { Attempts = 1 } },
            new() { ProductionAt = Side.Recovery, Shutdown = new ShutdownRecord(fresh), Prepare = new PrepareRecord(fresh, fresh) { Attempts = 1 } },
            new() { ProductionAt = Side.Home, HomeStart = new HomeStartRecord(DateTimeOffset.UnixEpoch), Prepare = new PrepareRecord(DateTimeOffset.UnixEpoch, fresh), Verification = new VerificationRecord(fresh, Healthy: true) },
        ];
        return from recovery in machines
               from home in machines
               from starts in new[] { false, true }
               from records in memories
               select (recovery with { StartsByItself = starts }, home, records);
    }

    private static string Text(Decision decision) => decision switch
    {
        Step step => $"{Words(step.Kind.ToString())} ({step.Side.ToString().ToLowerInvariant()})",
        Wait wait => $"wait: {Words(wait.Why.ToString())}",
        Done done => $"**{Words(done.Outcome.ToString())}**",
        Ask ask => $"*{Words(ask.Code.ToString())}*",
        _ => "refused",
    };

    private static string Words(string name) => Capital().Replace(name, match => $" {match.Value.ToLowerInvariant()}").TrimStart();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HostAgent.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No HostAgent.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Capital();
}
