using System.Text;

namespace HostAgent.Failover.Tests.Model;

/// <summary>What an exploration has found.</summary>
internal sealed class Findings
{
    public int States { get; set; }

    public int Depth { get; set; }

    public bool Exhausted { get; set; }

    public Dictionary<string, int> Violations { get; } = new(StringComparer.Ordinal);

    /// <summary>The shortest trace of each class.</summary>
    public Dictionary<string, string> Traces { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, int> Ends { get; } = new(StringComparer.Ordinal);

    public override string ToString()
    {
        var text = new StringBuilder($"{States:N0} states, depth {Depth}{(Exhausted ? ", exhausted" : "")}; ")
            .AppendLine(Violations.Count == 0 ? "no violation" : string.Join(", ", Violations.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}")));
        foreach (var trace in Traces.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            text.AppendLine(trace.Value);
        }

        return text.ToString();
    }
}

/// <summary>Visits every world that can be reached, nearest first, so that the first trace of a violation is a shortest one.</summary>
internal sealed class Explorer(Universe universe)
{
    private const int Patience = 80;

    /// <summary>Explores.</summary>
    /// <param name="name">The start's name, for traces.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="states">At most this many worlds are visited.</param>
    /// <param name="until">Stop at the first violation of this class; null to visit all.</param>
    /// <param name="everyNth">A continuation without faults is run from one idle world in so many.</param>
    public Findings Explore(string name, World start, int states, string? until = null, int everyNth = 4)
    {
        var findings = new Findings();
        var seen = new HashSet<ulong> { start.Fingerprint() };
        var parents = new List<(int Parent, string Label)> { (-1, "") };
        var frontier = new Queue<(World World, int Node, int Depth)>([(start, 0, 0)]);
        while ((until is null || !findings.Violations.ContainsKey(until)) && frontier.TryDequeue(out var visited))
        {
            findings.States++;
            findings.Depth = visited.Depth;
            if (visited.World.InFlight is null && findings.States % everyNth == 0 && Continue(visited.World, findings) is var (kind, steps))
            {
                Violated(kind, visited.Node, $"then without faults: {string.Join(", ", steps.TakeLast(8))}");
                continue;
            }

            foreach (var move in universe.Moves(visited.World))
            {
                if (move.Violation is { } violation)
                {
                    parents.Add((visited.Node, move.Label));
                    Violated(violation, parents.Count - 1, null);
                }
                else if (seen.Count < states && seen.Add(move.Next.Fingerprint()))
                {
                    parents.Add((visited.Node, move.Label));
                    frontier.Enqueue((move.Next, parents.Count - 1, visited.Depth + 1));
                }
            }
        }

        findings.Exhausted = seen.Count < states;
        return findings;

        void Violated(string kind, int node, string? after)
        {
            findings.Violations[kind] = findings.Violations.GetValueOrDefault(kind) + 1;
            if (!findings.Traces.ContainsKey(kind))
            {
                findings.Traces[kind] = Trace(kind, name, start, parents, node, after);
            }
        }
    }

    // From here on nothing goes wrong, and every gate is approved: the item must end, or ask.
    private (string Kind, List<string> Steps)? Continue(World world, Findings findings)
    {
        var steps = new List<string>();
        while (steps.Count < Patience)
        {
            if (world.Ended is not null)
            {
                Ended(world.Ended.ToString()!);
                return null;
            }

            var moves = universe.Moves(world, faults: false);
            if (moves.Find(move => move.Violation is not null) is { Violation: { } violation } broken)
            {
                steps.Add(broken.Label);
                return (violation, steps);
            }

            var move = moves.Find(move => !move.Label.StartsWith("write", StringComparison.Ordinal) && !move.Label.StartsWith("guest ignores", StringComparison.Ordinal));
            if (move.Next is null)
            {
                if (universe.DecisionOf(world) is Ask ask)
                {
                    Ended($"{ask}{(world.Recovery.Running || world.Home.Running ? "" : ", nothing runs")}");
                    return ask.Choices.Count < 2 ? ("ASK_WITHOUT_A_CHOICE", steps) : null;
                }

                steps.Add(universe.DecisionOf(world).ToString()!);
                return ("WAITS_FOR_EVER", steps);
            }

            steps.Add(move.Label);
            world = move.Next;
        }

        return (world.Goal == Goal.Back ? "ROLL_BACK_NEVER_ENDS" : "LIVELOCK", steps);

        void Ended(string end) => findings.Ends[end] = findings.Ends.GetValueOrDefault(end) + 1;
    }

    private string Trace(string kind, string name, World start, List<(int Parent, string Label)> parents, int node, string? after)
    {
        var labels = new Stack<string>();
        for (var at = node; at > 0; at = parents[at].Parent)
        {
            labels.Push(parents[at].Label);
        }

        var text = new StringBuilder($"## {kind} | {name} | {labels.Count} steps").AppendLine().Append("   start").Append(' ', 36).Append(start).AppendLine();
        var world = start;
        foreach (var label in labels)
        {
            world = universe.Moves(world).Find(move => move.Label == label).Next ?? world;
            text.Append("   ").Append(label.PadRight(40)).Append(' ').Append(world).AppendLine();
        }

        return after is null ? text.ToString() : text.Append("   ").AppendLine(after).ToString();
    }
}
