using HostAgent.Documents;
using HostAgent.Texts;

namespace HostAgent.Campaigns.Spec;

/// <summary>The document's <c>dependencies</c>.</summary>
internal static class DependencyReader
{
    private const int Most = 1000;

    public static IReadOnlyList<DependencyEnd>? ReadSets(Field field)
        => field.List(item => item.Mapping(ReadEnd, "dependencyEnd"), minimum: 1, Most) is { Count: > 0 } sets ? sets : null;

    public static IReadOnlyList<DependencySpec> ReadAll(Field field)
    {
        // Maps each pattern to the patterns it waits for.
        var after = new Dictionary<string, List<string>>(NameText.Comparer);
        return field.List(
            item => item.Mapping(mapping =>
            {
                var waiting = mapping.Required("item", "the items that wait").Described("The items that wait.").Mapping(ReadEnd, "dependencyEnd");
                var awaited = mapping.Required("after", "the items they wait for").Described("The items they wait for: all of them.").Mapping(ReadEnd, "dependencyEnd");
                if (waiting is null || awaited is null)
                {
                    return null;
                }

                if (CycleOf(after, waiting.ToString(), awaited.ToString()) is { } cycle)
                {
                    var path = string.Join(" → ", cycle);
                    item.Reject("dependencies without a cycle", $"{item.Path} closes a cycle: {path}. Each would wait for the other.");
                }
                else if (after.TryGetValue(waiting.ToString(), out var known))
                {
                    known.Add(awaited.ToString());
                }
                else
                {
                    after.Add(waiting.ToString(), [awaited.ToString()]);
                }

                return new DependencySpec(waiting, awaited);
            }),
            maximum: Most);
    }

    private static DependencyEnd ReadEnd(MappingReader end)
        => new(
            end.Required("vm", "a pattern of machine names").Described("A pattern of machine names, with * and ?.").Glob() ?? new Glob("*"),
            end.Optional("host").Described("A pattern of host names, with * and ?; any by default.").Glob());

    /// <summary>
    /// The cycle closed by the newest dependency, by equal patterns. Different patterns may still overlap; the planner checks
    /// that once the machines are known.
    /// </summary>
    private static List<string>? CycleOf(Dictionary<string, List<string>> after, string waiting, string awaited)
    {
        var previous = new Dictionary<string, string>(NameText.Comparer) { [awaited] = string.Empty };
        var open = new Queue<string>([awaited]);
        while (open.TryDequeue(out var current))
        {
            if (NameText.Same(current, waiting))
            {
                var path = new List<string> { waiting };
                for (var step = current; previous[step].Length > 0;)
                {
                    step = previous[step];
                    path.Add(step);
                }

                path.Reverse();
                path.Insert(0, waiting);
                return path;
            }

            foreach (var next in after.GetValueOrDefault(current) ?? [])
            {
                if (previous.TryAdd(next, current))
                {
                    open.Enqueue(next);
                }
            }
        }

        return null;
    }
}
