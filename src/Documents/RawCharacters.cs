using System.Globalization;

namespace HostAgent.Documents;

/// <summary>
/// Characters of the text that the parser and a person may read differently. YAML 1.2 ends a line at CR and LF alone, the parser also at
/// U+0085, U+2028 and U+2029, so that what an editor shows as part of a comment could be a line of its own. Direction overrides reorder
/// what is shown. All of them are allowed in quoted texts only.
/// </summary>
internal sealed class RawCharacters
{
    private const char FirstPrivate = '\uE000';
    private const char LastPrivate = '\uF8FF';
    private static readonly char[] LineEnds = ['\u0085', '\u2028', '\u2029'];

    private readonly List<int> _places;
    private readonly char[] _stand;
    private readonly string _text;
    private int _next;

    private RawCharacters(string text, string content, List<int> places, char[] stand)
    {
        _text = text;
        Content = content;
        _places = places;
        _stand = stand;
    }

    /// <summary>The text for the parser: every character at its place, and stand-ins for those that it would take for line ends.</summary>
    public string Content { get; }

    /// <summary>Prepares a text; null when it has a character that no text may have, with the error recorded.</summary>
    public static RawCharacters? Prepare(string text, DocumentErrorList errors)
    {
        // One mark at the start is how some editors say UTF-8; places do not change with the way lines end.
        var lines = (text.StartsWith('\uFEFF') ? text[1..] : text).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var places = new List<int>();
        for (var index = 0; index < lines.Length; index++)
        {
            var character = lines[index];
            if (character < ' ' && character is not ('\t' or '\n'))
            {
                var (line, column) = PlaceOf(lines, index);
                var name = character == '\0' ? "NUL" : Name(character);
                errors.Add(line, column, string.Empty, string.Empty, "text", $"The document contains the character {name}; it must be text.");
                return null;
            }

            if (IsDeceptive(character))
            {
                places.Add(index);
            }
        }

        var hasLineEnds = places.Exists(place => LineEnds.Contains(lines[place]));
        var stand = hasLineEnds ? StandIns(lines) : [];
        if (hasLineEnds && stand.Length < LineEnds.Length)
        {
            // Every private character of Unicode is in the text already: nothing can stand for its line ends.
            errors.Add(0, 0, string.Empty, string.Empty, "text", "The document has more private characters of Unicode than can be read beside U+0085, U+2028 or U+2029; remove either.");
            return null;
        }

        var content = lines;
        for (var index = 0; index < stand.Length; index++)
        {
            content = content.Replace(LineEnds[index], stand[index]);
        }

        return new RawCharacters(lines, content, places, stand);
    }

    /// <summary>Gives a value its characters back.</summary>
    public string Restore(string value)
    {
        for (var index = 0; index < _stand.Length; index++)
        {
            value = value.Replace(_stand[index], LineEnds[index]);
        }

        return value;
    }

    /// <summary>Notes the next element of the text: what precedes it was outside quotes.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="quoted">Whether it is a quoted text.</param>
    /// <param name="errors">Where to record what should not be there.</param>
    public void Pass(long start, long end, bool quoted, DocumentErrorList errors)
    {
        for (; _next < _places.Count && _places[_next] < end; _next++)
        {
            if (!quoted || _places[_next] < start)
            {
                Report(_places[_next], errors);
            }
        }
    }

    /// <summary>The text has been read to its end.</summary>
    public void End(DocumentErrorList errors) => Pass(_text.Length, long.MaxValue, quoted: false, errors);

    private static char[] StandIns(string text)
    {
        var used = text.Where(character => character is >= FirstPrivate and <= LastPrivate).ToHashSet();
        return [.. Enumerable.Range(FirstPrivate, LastPrivate - FirstPrivate + 1).Select(value => (char)value).Where(character => !used.Contains(character)).Take(LineEnds.Length)];
    }

    private static bool IsDeceptive(char character) => character
        is (>= '\u007F' and <= '\u009F') or '\u2028' or '\u2029' or '\uFEFF' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private void Report(int place, DocumentErrorList errors)
    {
        var (line, column) = PlaceOf(_text, place);
        var code = ((int)_text[place]).ToString("X4", CultureInfo.InvariantCulture);
        errors.Add(
            line, column, string.Empty, $"U+{code}", "characters that can be seen",
            $"The document has the character {Name(_text[place])} outside quotes, where it can hide how the text is read; remove it, or write it as \"\\u{code}\" in double quotes.");
    }

    private static string Name(char character) => $"U+{((int)character).ToString("X4", CultureInfo.InvariantCulture)}";

    private static (int Line, int Column) PlaceOf(string text, int index)
    {
        var before = text.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}
