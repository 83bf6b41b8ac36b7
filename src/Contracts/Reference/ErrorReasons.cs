using System.Text.RegularExpressions;

namespace HostAgent.Contracts.Reference;

/// <summary>A reason of an error, as <c>google.rpc.ErrorInfo</c> carries it.</summary>
/// <param name="Name">The UPPER_SNAKE_CASE word.</param>
/// <param name="Places">Where the contracts name it; at least one.</param>
public sealed record ErrorReason(string Name, IReadOnlyList<ReasonPlace> Places)
{
    /// <summary>The status codes that it comes with, in alphabetical order.</summary>
    public IReadOnlyList<string> Statuses { get; } = [.. Places.Select(place => place.Status).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>Where the contracts name a reason.</summary>
/// <param name="Subject">The full name of the method, or of the service whose methods all have it, or of the message or field that explains it.</param>
/// <param name="Status">The status code, UPPER_SNAKE_CASE.</param>
/// <param name="Meaning">What is said of it there; empty when the name is all.</param>
public sealed record ReasonPlace(string Subject, string Status, string Meaning);

/// <summary>
/// The reference of all reasons, made from the comments of the contracts, which are its only source. A reason stands there behind its status:
/// <c>NOT_FOUND (CAMPAIGN_NOT_FOUND)</c>, several of one status behind each other with what is to be said of each.
/// </summary>
public static partial class ErrorReasons
{
    /// <summary>Reads the reference.</summary>
    /// <param name="comments">The comments of the contracts.</param>
    /// <returns>The reasons in alphabetical order.</returns>
    public static IReadOnlyList<ErrorReason> Of(ProtoComments comments)
    {
        ArgumentNullException.ThrowIfNull(comments);
        return [.. comments.All.SelectMany(comment => InText(comment.Key, comment.Value))
            .GroupBy(found => found.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ErrorReason(group.Key, [.. group.Select(found => found.Place)]))];
    }

    private static IEnumerable<(string Name, ReasonPlace Place)> InText(string subject, string comment)
    {
        var text = Spaces().Replace(comment, " ");
        foreach (Match code in ReturnCode().Matches(text))
        {
            var number = code.Groups["number"].Value;
            yield return (code.Groups["reason"].Value, new ReasonPlace(subject, code.Groups["status"].Value, number.Length > 0 ? $"the host's method returned {number}" : "the host's method returned a number that is not listed"));
        }

        foreach (Match group in Group().Matches(text))
        {
            var (status, inside, after) = (group.Groups["status"].Value, group.Groups["inside"].Value, group.Groups["after"].Value);
            var names = Reason().Matches(inside);
            for (var index = 0; index < names.Count; index++)
            {
                var own = inside[(names[index].Index + names[index].Length)..(index + 1 < names.Count ? names[index + 1].Index : inside.Length)];
                yield return (names[index].Groups["reason"].Value, new ReasonPlace(subject, status, Trim($"{Trim(own)} {Trim(after)}")));
            }
        }
    }

    private static string Trim(string text)
    {
        var trimmed = text.Trim(' ', ',', ';', ':', '.');
        foreach (var word in (string[])["and", "or"])
        {
            trimmed = trimmed == word ? string.Empty : trimmed.EndsWith($" {word}", StringComparison.Ordinal) ? trimmed[..^(word.Length + 1)].TrimEnd(' ', ',', ';') : trimmed;
        }

        return trimmed;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    /// <summary>A status, its reasons in brackets, and what follows in the same sentence before the next status.</summary>
    [GeneratedRegex(
        @"\b(?<status>CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|UNAUTHENTICATED) \((?<inside>[^()]*)\)(?<after>(?:(?!\. |\.$|\b[A-Z]+(?:_[A-Z]+)* \()[\s\S])*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Group();

    /// <summary>A reason at the beginning of its part of the list.</summary>
    [GeneratedRegex(@"(?<=^|, |; | and )(?<reason>[A-Z][A-Z0-9]{3,}(?:_[A-Z0-9]+)*|[A-Z]{2,}(?:_[A-Z0-9]+)+)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reason();

    /// <summary>A line of the table of the host's return codes.</summary>
    [GeneratedRegex(@"\b(?:(?<number>327\d\d) |any other number: )(?<status>[A-Z_]+) (?<reason>[A-Z_]{4,})\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReturnCode();
}
