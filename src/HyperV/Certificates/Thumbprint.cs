namespace HostAgent.HyperV.Certificates;

/// <summary>Thumbprints as people write them: in either case, with blanks, and with the invisible mark that Windows' certificate dialog puts in front.</summary>
public static class Thumbprint
{
    /// <summary>Its hexadecimal digits alone, in capitals.</summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Concat(text.Where(char.IsAsciiHexDigit)).ToUpperInvariant();
    }
}
