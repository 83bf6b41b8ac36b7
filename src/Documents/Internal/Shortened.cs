using HostAgent.Texts;

namespace HostAgent.Documents.Internal;

/// <summary>Values as they may stand in a message: short, on one line, with nothing in them that cannot be seen.</summary>
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
