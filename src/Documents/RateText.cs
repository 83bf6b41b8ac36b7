using System.Globalization;

namespace HostAgent.Documents;

/// <summary>Rates as people write them: <c>200MiB/s</c>, and for links <c>10Gbit/s</c> (powers of 1000).</summary>
public static class RateText
{
    private static readonly string[] BitUnits = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];

    /// <summary>Reads a rate. The unit is required and compared without case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytesPerSecond">Bytes per second.</param>
    /// <returns>Whether the text is a rate.</returns>
    public static bool TryRead(string text, out long bytesPerSecond)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (TryReadBits(trimmed, out bytesPerSecond))
        {
            return true;
        }

        return trimmed.EndsWith("/s", StringComparison.OrdinalIgnoreCase) && SizeText.TryRead(trimmed[..^2], out bytesPerSecond);
    }

    /// <summary>Writes a rate, for example <c>200 MiB/s</c>.</summary>
    /// <param name="bytesPerSecond">Bytes per second, not negative.</param>
    /// <returns>The text.</returns>
    public static string Write(double bytesPerSecond) => SizeText.Write((long)bytesPerSecond) + "/s";

    private static bool TryReadBits(string text, out long bytesPerSecond)
    {
        bytesPerSecond = 0;
        decimal factor = 1;
        foreach (var unit in BitUnits)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / factor)
            {
                bytesPerSecond = (long)(number * factor / 8);
                return true;
            }

            factor *= 1000;
        }

        return false;
    }
}
