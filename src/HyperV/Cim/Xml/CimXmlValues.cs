using System.Globalization;

namespace HostAgent.HyperV.Cim.Xml;

/// <summary>Converts the text of single values to .NET values.</summary>
internal static class CimXmlValues
{
    private static readonly Dictionary<string, CimType> Types = Enum.GetValues<CimType>()
        .Where(t => t is not CimType.Object)
        .ToDictionary(CimValues.NameOf, StringComparer.OrdinalIgnoreCase);

    public static CimType? ParseType(string? name) => name is not null && Types.TryGetValue(name, out var type) ? type : null;

    /// <summary>The value, or null when the text is not valid for the type.</summary>
    public static object? Parse(CimType type, string text) => type switch
    {
        CimType.String => text,
        CimType.Char16 => text.Length == 1 ? text[0] : null,
        CimType.Boolean => bool.TryParse(text, out var flag) ? flag : null,
        CimType.UInt8 => Integer<byte>(text),
        CimType.SInt8 => Integer<sbyte>(text),
        CimType.UInt16 => Integer<ushort>(text),
        CimType.SInt16 => Integer<short>(text),
        CimType.UInt32 => Integer<uint>(text),
        CimType.SInt32 => Integer<int>(text),
        CimType.UInt64 => Integer<ulong>(text),
        CimType.SInt64 => Integer<long>(text),
        CimType.Real32 => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null,
        CimType.Real64 => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null,
        CimType.DateTime => CimDateTime.TryParse(text.Trim(), out var time) ? time : null,
        CimType.Reference => Reference(text.Trim()),
        _ => null,
    };

    private static object? Integer<T>(string text)
        where T : struct, System.Numerics.INumber<T>
        => T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static CimObjectPath? Reference(string text)
    {
        try
        {
            return CimObjectPath.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
