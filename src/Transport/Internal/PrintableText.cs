using System.Globalization;
using System.Text;

namespace HostAgent.Transport.Internal;

/// <summary>Text of strangers, such as the subject of a certificate that no authority of ours issued, on its way into a log line.</summary>
internal static class PrintableText
{
    private const int Longest = 1000;

    /// <summary>The text with everything that a terminal acts upon or does not show written as <c>\uXXXX</c>, and cut.</summary>
    public static string Of(string text)
    {
        var printable = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (printable.Length >= Longest)
            {
                return printable.Append('…').ToString();
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            {
                printable.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
            else
            {
                printable.Append(rune.ToString());
            }
        }

        return printable.ToString();
    }
}
