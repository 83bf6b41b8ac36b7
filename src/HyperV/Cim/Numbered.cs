using System.Globalization;

namespace HostAgent.HyperV.Cim;

/// <summary>Formats the host's numbers for people: the name with the number, or the bare number if it has no name.</summary>
public static class Numbered
{
    /// <summary>For example <c>Committed (6)</c>, or <c>40000</c> for an unnamed number.</summary>
    public static string Text<T>(T value)
        where T : struct, Enum
    {
        var number = value.ToString("D");
        return Enum.IsDefined(value) ? string.Create(CultureInfo.InvariantCulture, $"{value} ({number})") : number;
    }

    /// <summary>The values in numerical order, for example <c>Recovered (5) or Committed (6)</c>.</summary>
    public static string List<T>(IEnumerable<T> values)
        where T : struct, Enum
        => string.Join(" or ", values.Order().Select(Text));
}
