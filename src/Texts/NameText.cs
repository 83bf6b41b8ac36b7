using System.Text;

namespace HostAgent.Texts;

/// <summary>
/// When two names are the same: without regard to case, and to whether an accented letter was written as one character or as two
/// (Unicode's normal form C). The same on every machine, whatever its language.
/// </summary>
public static class NameText
{
    /// <summary>Compares and hashes names by this rule.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new SameName();

    /// <summary>Whether two names are the same.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they are.</returns>
    public static bool Same(string left, string right)
        => string.Equals(left, right, StringComparison.OrdinalIgnoreCase) || (!(Ascii.IsValid(left) && Ascii.IsValid(right)) && Fold(left) == Fold(right));

    /// <summary>The form in which equal names are equal texts. It is for comparing, not for showing.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Its normal form in upper case.</returns>
    public static string Fold(string name) => Composed(name).ToUpperInvariant();

    /// <summary>The normal form C of a name: how equal names are best stored.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The name with its letters and marks composed; as it stands when it has half of a surrogate pair, which has no form.</returns>
    public static string Composed(string name)
    {
        try
        {
            return Ascii.IsValid(name) ? name : name.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }

    private sealed class SameName : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x is null || y is null ? ReferenceEquals(x, y) : Same(x, y);

        public int GetHashCode(string obj) => Fold(obj).GetHashCode(StringComparison.Ordinal);
    }
}
