namespace HostAgent.Documents.Internal;

/// <summary>Finds the known keys that an unknown one was probably meant to be.</summary>
internal static class NearestKeys
{
    public static IReadOnlyList<string> Find(string key, IReadOnlyList<string> known)
    {
        // A long key is no misspelling of ours, and the distance costs the product of both lengths.
        if (key.Length > 64)
        {
            return [];
        }

        // Two letters swapped are two changes.
        var tolerated = key.Length < 4 ? 1 : Math.Max(2, key.Length / 3);
        return [.. known
            .Select(candidate => (candidate, Distance: Distance(key.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.Distance <= tolerated)
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(2)
            .Select(pair => pair.candidate)];
    }

    /// <summary>The Levenshtein distance: how many characters must be changed, added or removed.</summary>
    private static int Distance(string left, string right)
    {
        var former = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = former[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(former[j], current[j - 1]) + 1);
            }

            (former, current) = (current, former);
        }

        return former[right.Length];
    }
}
