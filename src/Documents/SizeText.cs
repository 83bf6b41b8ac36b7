using System.Globalization;

namespace HostAgent.Documents;

/// <summary>Sizes as people write them: <c>512 B</c>, <c>1.5GiB</c>, <c>200 MB</c>. Binary units are powers of 1024, decimal ones of 1000.</summary>
public static class SizeText
{
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    private static readonly string[] Decimal = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Reads a size. The unit is required and compared without case; a fraction of a byte is cut off.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Whether the text is a size of less than 2^63 bytes.</returns>
    public static bool TryRead(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var trimmed = text.AsSpan().Trim();
        var unit = trimmed.Length;
        while (unit > 0 && char.IsAsciiLetter(trimmed[unit - 1]))
        {
            unit--;
        }

        if (FactorOf(trimmed[unit..]) is not { } factor
            || !decimal.TryParse(trimmed[..unit].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(number * factor);
        return true;
    }

    /// <summary>Writes a size with a binary unit, three figures at most: <c>512 B</c>, <c>1.5 GiB</c>, <c>120 GiB</c>.</summary>
    /// <param name="bytes">The bytes, not negative.</param>
    /// <returns>The text.</returns>
    public static string Write(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (value >= 1024 && unit < Binary.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(value < 10 && unit > 0 ? Math.Round(value, 1) : Math.Round(value))} {Binary[unit]}");
    }

    private static decimal? FactorOf(ReadOnlySpan<char> unit)
    {
        decimal binary = 1;
        decimal thousands = 1;
        for (var power = 0; power < Binary.Length; power++)
        {
            if (unit.Equals(Binary[power], StringComparison.OrdinalIgnoreCase))
            {
                return binary;
            }

            if (unit.Equals(Decimal[power], StringComparison.OrdinalIgnoreCase))
            {
                return thousands;
            }

            binary *= 1024;
            thousands *= 1000;
        }

        return null;
    }
}
