using System.Globalization;
using System.Text;

namespace HostAgent.Texts;

/// <summary>
/// Shows text that hosts and people wrote on a terminal, a page or in a log. A character that cannot be seen, or that changes how its
/// neighbours are read, is written as \uXXXX or \UXXXXXXXX. Letters, marks, digits, signs and plain spaces stay as they are.
/// </summary>
public static class VisibleText
{
    private const int LongestValue = 80;

    /// <summary>Escapes a text so that it stays on one line.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text where nothing had to be escaped.</returns>
    public static string Line(string text) => Escaped(text, keep: string.Empty);

    /// <summary>Escapes a text whose line ends and tabs are its own, such as a document.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text where nothing had to be escaped.</returns>
    public static string Lines(string text) => Escaped(text, keep: "\r\n\t");

    /// <summary>A value that somebody sent, as it may stand in a message: its beginning where it is long.</summary>
    /// <param name="text">The text.</param>
    /// <returns>At most 80 UTF-16 characters of it, and … when there are more; never half a character.</returns>
    public static string Shortened(string text) => Shortened(text, LongestValue);

    /// <summary>A text that is passed on to somebody who takes so much of it: its beginning where it is longer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many UTF-16 characters are kept, from 1.</param>
    /// <returns>At most so many characters of it, and … when there are more; never half a character.</returns>
    public static string Shortened(string text, int longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= longest ? text : $"{text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)]}…";
    }

    /// <summary>Escapes a JSON text. Inside its strings an escape means the same character, so nothing is lost.</summary>
    /// <param name="json">Valid JSON.</param>
    /// <returns>JSON of the same value.</returns>
    public static string Json(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var from = FirstHidden(json, "\r\n\t");
        if (from < 0)
        {
            return json;
        }

        var escaped = new StringBuilder(json.Length + 16).Append(json, 0, from);
        for (var index = from; index < json.Length;)
        {
            var length = Next(json, index, out var rune);
            if (json[index] is '\r' or '\n' or '\t' || IsVisible(rune))
            {
                escaped.Append(json, index, length);
            }
            else
            {
                // JSON has four digits only; a character beyond them is written as two surrogates.
                foreach (var unit in json.AsSpan(index, length))
                {
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
                }
            }

            index += length;
        }

        return escaped.ToString();
    }

    /// <summary>Whether a character is shown as it is.</summary>
    /// <param name="character">The character; null stands for half of a surrogate pair.</param>
    /// <returns>False for controls, format characters, line separators, fillers, private and unassigned characters.</returns>
    public static bool IsVisible(Rune? character)
    {
        if (character is not { } rune)
        {
            return false;
        }

        if (rune.IsAscii)
        {
            return rune.Value is >= ' ' and < 0x7F;
        }

        return !IsFiller(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
    }

    private static string Escaped(string text, string keep)
    {
        ArgumentNullException.ThrowIfNull(text);
        var from = FirstHidden(text, keep);
        if (from < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16).Append(text, 0, from);
        for (var index = from; index < text.Length;)
        {
            var length = Next(text, index, out var rune);
            if (keep.Contains(text[index], StringComparison.Ordinal) || IsVisible(rune))
            {
                escaped.Append(text, index, length);
            }
            else if (length == 2)
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\U{rune!.Value.Value:X8}");
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[index]:X4}");
            }

            index += length;
        }

        return escaped.ToString();
    }

    private static int FirstHidden(string text, string keep)
    {
        for (var index = 0; index < text.Length;)
        {
            var length = Next(text, index, out var rune);
            if (!IsVisible(rune) && !keep.Contains(text[index], StringComparison.Ordinal))
            {
                return index;
            }

            index += length;
        }

        return -1;
    }

    private static int Next(string text, int index, out Rune? rune)
    {
        rune = Rune.TryGetRuneAt(text, index, out var found) ? found : null;
        return rune?.Utf16SequenceLength ?? 1;
    }

    // Letters and marks by their category, but drawn as nothing (Unicode's Default_Ignorable_Code_Point).
    private static bool IsFiller(int value) => value
        is 0x034F or (>= 0x115F and <= 0x1160) or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F)
        or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0000 and <= 0xE0FFF);
}
