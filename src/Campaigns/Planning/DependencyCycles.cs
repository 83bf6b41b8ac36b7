namespace HostAgent.Campaigns.Planning;

/// <summary>Finds items that wait for each other. Visits each item and each member of each dependency's set once.</summary>
internal static class DependencyCycles
{
    /// <summary>Returns the items of a cycle, the first one repeated at the end, and the dependency that closes it; null without a cycle.</summary>
    public static (IReadOnlyList<int> Items, int Dependency)? Find(List<PlannedItem> items, List<PlannedDependency> dependencies)
    {
        // Items are 0 … n-1, dependencies n, n+1 …: edges go from an item to its dependencies and from a dependency to the items of its set.
        var visits = new Visit[items.Count + dependencies.Count];
        for (var start = 0; start < items.Count; start++)
        {
            if (visits[start] == Visit.None && Descend(start, items, dependencies, visits) is { } cycle)
            {
                return cycle;
            }
        }

        return null;
    }

    private static (IReadOnlyList<int> Items, int Dependency)? Descend(
        int start, List<PlannedItem> items, List<PlannedDependency> dependencies, Visit[] visits)
    {
        // A chain may be as long as the campaign, so the path is a list and not the call stack.
        var path = new List<(int Node, int Next)> { (start, 0) };
        visits[start] = Visit.OnPath;
        while (path.Count > 0)
        {
            var (node, next) = path[^1];
            var isItem = node < items.Count;
            var followers = isItem ? items[node].Dependencies : dependencies[node - items.Count].After;
            if (next == followers.Count)
            {
                visits[node] = Visit.Done;
                path.RemoveAt(path.Count - 1);
                continue;
            }

            path[^1] = (node, next + 1);
            var follower = isItem ? items.Count + followers[next] : followers[next];
            if (visits[follower] == Visit.OnPath)
            {
                return Describe(path, follower, items.Count);
            }

            if (visits[follower] == Visit.None)
            {
                visits[follower] = Visit.OnPath;
                path.Add((follower, 0));
            }
        }

        return null;
    }

    private static (IReadOnlyList<int> Items, int Dependency) Describe(List<(int Node, int Next)> path, int closing, int itemCount)
    {
        var nodes = path.Select(step => step.Node).SkipWhile(node => node != closing).ToList();
        var items = nodes.Where(node => node < itemCount).ToList();
        items.Add(items[0]);
        return (items, nodes.Last(node => node >= itemCount) - itemCount);
    }

    private enum Visit
    {
        None,
        OnPath,
        Done,
    }
}
