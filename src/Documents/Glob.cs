using System.Globalization;
using System.Text;
using HostAgent.Texts;

namespace HostAgent.Documents;

/// <summary>
/// A pattern with two signs: <c>*</c> is any characters, <c>?</c> is one character as a person counts (😀 is one, an accented letter is
/// one however it is written). Every other character is itself, the backslash too; there is no way to write a <c>*</c> or <c>?</c> that
/// is no sign. Names are compared as <see cref="NameText"/> does: without case, in normal form C, in no language.
/// </summary>
/// <param name="Pattern">The pattern as it was written.</param>
public sealed record Glob(string Pattern)
{
    private const int LongestOnStack = 256;

    /// <summary>Whether a name fits the pattern.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when it does.</returns>
    public bool Matches(string name)
        => Matches(Folded(Pattern, stackalloc char[Math.Min(Pattern.Length, LongestOnStack)]), Folded(name, stackalloc char[Math.Min(name.Length, LongestOnStack)]));

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    // Most names are ASCII, and thousands of them meet thousands of patterns: those leave nothing to collect.
    private static ReadOnlySpan<char> Folded(string text, Span<char> buffer)
        => text.Length <= buffer.Length && Ascii.ToUpper(text, buffer, out _) == System.Buffers.OperationStatus.Done ? buffer : NameText.Fold(text);

    /// <summary>A <c>*</c> gives way only to the next one, so that no pattern takes more steps than its length times that of the name.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, next) = (0, 0);
        var (afterStar, resume) = (-1, 0);
        while (at < name.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                (afterStar, resume) = (++next, at);
            }
            else if (next < pattern.Length && Step(pattern[next..], name[at..]) is var (sign, taken) && taken > 0)
            {
                at += taken;
                next += sign;
            }
            else if (afterStar >= 0)
            {
                Rune.DecodeFromUtf16(name[resume..], out _, out var skipped);
                resume += skipped;
                (at, next) = (resume, afterStar);
            }
            else
            {
                return false;
            }
        }

        return pattern[next..].Trim('*').IsEmpty;
    }

    /// <summary>How long the first sign or character of the pattern is, and how much of the name it takes: 0 when it does not fit.</summary>
    private static (int Sign, int Taken) Step(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern[0] == '?')
        {
            return (1, StringInfo.GetNextTextElementLength(name));
        }

        Rune.DecodeFromUtf16(pattern, out _, out var length);
        return (length, name.StartsWith(pattern[..length], StringComparison.Ordinal) ? length : 0);
    }
}
