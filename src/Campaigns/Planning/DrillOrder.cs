namespace HostAgent.Campaigns.Planning;

/// <summary>
/// Finds sets of a planned drill that could never come home: their machines go together each way, so that none is home before all have left, and one of them may leave only
/// when another is home. Sets that share a machine are one. Visits each item and each member of each dependency's set twice.
/// </summary>
internal static class DrillOrder
{
    /// <summary>The first set that waits for itself, by whatever way; null when none does.</summary>
    public static int? FindWaitingForItself(IReadOnlyList<PlannedItem> items, IReadOnlyList<PlannedDependency> dependencies, IReadOnlyList<PlannedSet> sets)
    {
        var groups = Groups(items.Count, sets);

        // Groups of items are 0 … n-1, by their first item; dependencies n, n+1 …
        var (after, before) = (new List<int>[items.Count + dependencies.Count], new List<int>[items.Count + dependencies.Count]);
        for (var item = 0; item < items.Count; item++)
        {
            foreach (var dependency in items[item].Dependencies)
            {
                Join(groups[item], items.Count + dependency);
            }
        }

        for (var dependency = 0; dependency < dependencies.Count; dependency++)
        {
            foreach (var item in dependencies[dependency].After)
            {
                Join(items.Count + dependency, groups[item]);
            }
        }

        // What is left when everything goes that nothing waits for, or that waits for nothing, is in a circle or between two.
        var left = Enumerable.Range(0, after.Length).ToHashSet();
        Strip(left, after, before);
        Strip(left, before, after);
        return Enumerable.Range(0, sets.Count).Where(set => left.Contains(groups[sets[set].Items[0]])).Select(set => (int?)set).FirstOrDefault();

        void Join(int from, int to)
        {
            (after[from] ??= []).Add(to);
            (before[to] ??= []).Add(from);
        }
    }

    private static void Strip(HashSet<int> left, List<int>[] forward, List<int>[] back)
    {
        var open = Enumerable.Range(0, back.Length).Select(node => back[node]?.Count(left.Contains) ?? 0).ToArray();
        var ready = new Queue<int>(left.Where(node => open[node] == 0));
        while (ready.TryDequeue(out var node))
        {
            left.Remove(node);
            foreach (var next in forward[node] ?? [])
            {
                if (--open[next] == 0 && left.Contains(next))
                {
                    ready.Enqueue(next);
                }
            }
        }
    }

    // The first item of each item's group.
    private static int[] Groups(int count, IReadOnlyList<PlannedSet> sets)
    {
        var parents = Enumerable.Range(0, count).ToArray();
        foreach (var set in sets)
        {
            foreach (var item in set.Items)
            {
                var (one, other) = (Root(set.Items[0]), Root(item));
                parents[Math.Max(one, other)] = Math.Min(one, other);
            }
        }

        return [.. Enumerable.Range(0, count).Select(Root)];

        int Root(int item)
        {
            while (parents[item] != item)
            {
                item = parents[item] = parents[parents[item]];
            }

            return item;
        }
    }
}
