using System.Text;

namespace HostAgent.Documents.Internal;

/// <summary>Values as they may stand in a message: short, on one line.</summary>
internal static class Shortened
{
    private const int Length = 200;

    public static string Text(string value)
    {
        var text = new StringBuilder(Math.Min(value.Length, Length) + 1);
        foreach (var character in value)
        {
            if (text.Length == Length - 1 && value.Length > Length)
            {
                return text.Append('…').ToString();
            }

            // A document may be hostile; its control characters must not reach a terminal or a log.
            text.Append(char.IsControl(character) ? '\uFFFD' : character);
        }

        return text.ToString();
    }
}
