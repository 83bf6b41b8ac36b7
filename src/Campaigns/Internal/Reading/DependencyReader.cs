using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Internal.Reading;

/// <summary>The document's <c>dependencies</c>.</summary>
internal static class DependencyReader
{
    public static IReadOnlyList<DependencySpec> ReadAll(Field field)
    {
        var dependencies = new List<DependencySpec>();
        return field.List(item => item.Mapping(mapping =>
        {
            var waiting = mapping.Required("item", "the items that wait").Mapping(ReadEnd);
            var after = mapping.Required("after", "the items they wait for").Mapping(ReadEnd);
            if (waiting is null || after is null)
            {
                return null;
            }

            var dependency = new DependencySpec(waiting, after);
            dependencies.Add(dependency);
            if (CycleOf(dependencies, dependency) is { } cycle)
            {
                var path = string.Join(" → ", cycle);
                item.Reject("dependencies without a cycle", $"{item.Path} closes a cycle: {path}. Each would wait for the other.");
            }

            return dependency;
        }));
    }

    private static DependencyEnd ReadEnd(MappingReader end)
        => new(end.Required("vm", "a pattern of machine names").Glob() ?? new Glob("*"), end.Optional("host").Glob());

    /// <summary>
    /// The cycle that the newest dependency closes, by equal patterns. Patterns that differ may still overlap; that shows only
    /// when the machines are known, and is checked by the planner.
    /// </summary>
    private static List<string>? CycleOf(List<DependencySpec> dependencies, DependencySpec newest)
    {
        var (from, to) = (Key(newest.After), Key(newest.Item));
        var former = new Dictionary<string, string>(StringComparer.Ordinal) { [from] = string.Empty };
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var current))
        {
            if (current == to)
            {
                var path = new List<string> { to };
                for (var step = current; former[step].Length > 0;)
                {
                    step = former[step];
                    path.Add(step);
                }

                path.Reverse();
                path.Insert(0, to);
                return path;
            }

            foreach (var next in dependencies.Where(dependency => Key(dependency.Item) == current).Select(dependency => Key(dependency.After)))
            {
                if (former.TryAdd(next, current))
                {
                    open.Enqueue(next);
                }
            }
        }

        return null;
    }

    private static string Key(DependencyEnd end) => end.ToString().ToLowerInvariant();
}
