using HostAgent.Texts;

namespace HostAgent.Documents;

/// <summary>The errors found so far, and the budget of the reading that finds them.</summary>
internal sealed class DocumentErrorList(int maximum, ReadingBudget budget)
{
    private readonly List<DocumentError> _errors = [];
    private int _more;

    public ReadingBudget Budget { get; } = budget;

    /// <summary>Whether further errors are only counted; nothing need be worked out for their messages.</summary>
    public bool IsFull => _errors.Count >= maximum;

    public void Add(UnreadableException end) => Add(end.At.Line, end.At.Column, end.Path, string.Empty, end.Allowed, end.Message);

    public void Add(DocumentNode at, string path, string value, string allowed, string message)
        => Add(at.At.Line, at.At.Column, path, value, allowed, message);

    public void Add(int line, int column, string path, string value, string allowed, string message)
    {
        if (_errors.Count < maximum)
        {
            _errors.Add(new DocumentError(path, line, column, value, allowed, message));
        }
        else
        {
            _more++;
        }
    }

    public IReadOnlyList<DocumentError> InOrder()
    {
        var ordered = _errors.OrderBy(error => error.Line).ThenBy(error => error.Column).ToList();
        if (_more > 0)
        {
            ordered.Add(new DocumentError(string.Empty, 0, 0, string.Empty, string.Empty, $"{_more} more errors are not shown; fix these first."));
        }

        return ordered;
    }
}

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

/// <summary>Values for use in messages: short, on one line, with invisible characters escaped.</summary>
internal static class Shortened
{
    private const int Length = 200;

    public static string Text(string value)
    {
        var shown = VisibleText.Line(value.Length > Length + 1 ? value[..(Length + 1)] : value);
        if (shown.Length <= Length)
        {
            return shown;
        }

        // Not between the halves of one character.
        return shown[..(char.IsHighSurrogate(shown[Length - 2]) ? Length - 2 : Length - 1)] + "…";
    }
}
