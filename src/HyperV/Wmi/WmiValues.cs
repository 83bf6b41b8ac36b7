using System.Globalization;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// Converts between WMI's .NET types and those of <see cref="CimInstance"/>: WMI uses strings for datetimes and references.
/// Pure, so that it is tested off Windows too.
/// </summary>
internal static class WmiValues
{
    /// <summary>
    /// Converts a property's value. A value that does not have its declared type is passed through: the getter that needs it will
    /// report it, and one odd property does not make an instance unreadable.
    /// </summary>
    /// <param name="type">The declared type (of the elements, for an array); null when WMI declares none.</param>
    /// <param name="value">WMI's value.</param>
    /// <param name="embedded">Reads an embedded object.</param>
    public static object? FromWmi(CimType? type, object? value, Func<object, CimInstance?> embedded)
    {
        if (value is null || type is null)
        {
            return value;
        }

        if (value is not Array array)
        {
            return Single(type.Value, value, embedded);
        }

        var elements = array.Cast<object?>().Select(e => e is null ? null : Single(type.Value, e, embedded)).ToList();
        return CimValues.ToArray(type.Value, elements) ?? array;
    }

    /// <summary>Converts a method argument.</summary>
    /// <exception cref="ArgumentException">WMI has no such value; embedded instances are passed as text.</exception>
    public static object? ToWmi(string name, object? value) => value switch
    {
        null => null,
        string or bool or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or char => value,
        DateTimeOffset time => CimDateTime.Format(time),
        TimeSpan interval => CimDateTime.Format(interval),
        CimObjectPath path => path.ToString(),
        DateTimeOffset[] times => Array.ConvertAll(times, CimDateTime.Format),
        TimeSpan[] intervals => Array.ConvertAll(intervals, CimDateTime.Format),
        CimObjectPath[] paths => Array.ConvertAll(paths, p => p.ToString()),
        Array array when CimValues.TypeOf(array, out _) is { } type && type is not CimType.Object => array,
        _ => throw new ArgumentException($"The argument {name} cannot be a {value.GetType().Name}.", nameof(value)),
    };

    private static object? Single(CimType type, object value, Func<object, CimInstance?> embedded) => type switch
    {
        CimType.DateTime when value is string text => CimDateTime.TryParse(text, out var time) ? time : text,
        CimType.Reference when value is string text => Path(text),
        CimType.Object => embedded(value) ?? value,
        CimType.String or CimType.DateTime or CimType.Reference => value,
        _ => Number(CimValues.ClrType(type), value),
    };

    private static object Path(string text)
    {
        try
        {
            return CimObjectPath.Parse(text);
        }
        catch (FormatException)
        {
            return text;
        }
    }

    private static object Number(Type clrType, object value)
    {
        if (value.GetType() == clrType)
        {
            return value;
        }

        try
        {
            return Convert.ChangeType(value, clrType, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is InvalidCastException or OverflowException or FormatException)
        {
            return value;
        }
    }
}
