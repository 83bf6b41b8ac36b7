namespace HostAgent.Texts;

/// <summary>Texts that somebody else wrote, before another sentence.</summary>
public static class SentenceText
{
    /// <summary>The text with a full stop, unless it ends as a sentence does.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same for an empty one.</returns>
    public static string Ended(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 || text[^1] is '.' or '!' or '?' or '\u2026' ? text : $"{text}.";
    }
}
