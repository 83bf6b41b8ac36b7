using System.Collections.Frozen;

namespace HostAgent.HyperV.Cim;

/// <summary>The mapping between .NET types and CIM types: one table for text, WMI and validation.</summary>
public static class CimValues
{
    private static readonly FrozenDictionary<Type, CimType> CimTypes = Enum.GetValues<CimType>()
        .Select(t => KeyValuePair.Create(ClrType(t), t))
        .Append(KeyValuePair.Create(typeof(TimeSpan), CimType.DateTime))
        .ToFrozenDictionary();

    /// <summary>The CIM type of a value, or null when CIM has no type for it.</summary>
    /// <param name="value">The value, or an array of values.</param>
    /// <param name="isArray">Whether it is an array.</param>
    public static CimType? TypeOf(object value, out bool isArray)
    {
        ArgumentNullException.ThrowIfNull(value);
        var type = value.GetType();
        isArray = type.IsArray;
        return CimTypes.TryGetValue(isArray ? type.GetElementType()! : type, out var cimType) ? cimType : null;
    }

    /// <summary>The .NET type of a CIM type. A datetime may also be a <see cref="TimeSpan"/>.</summary>
    public static Type ClrType(CimType type) => type switch
    {
        CimType.SInt8 => typeof(sbyte),
        CimType.UInt8 => typeof(byte),
        CimType.SInt16 => typeof(short),
        CimType.UInt16 => typeof(ushort),
        CimType.SInt32 => typeof(int),
        CimType.UInt32 => typeof(uint),
        CimType.SInt64 => typeof(long),
        CimType.UInt64 => typeof(ulong),
        CimType.Real32 => typeof(float),
        CimType.Real64 => typeof(double),
        CimType.Boolean => typeof(bool),
        CimType.Char16 => typeof(char),
        CimType.String => typeof(string),
        CimType.DateTime => typeof(DateTimeOffset),
        CimType.Reference => typeof(CimObjectPath),
        CimType.Object => typeof(CimInstance),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a CIM type."),
    };

    /// <summary>An array of the type's .NET type, or null when an element has another type.</summary>
    public static Array? ToArray(CimType type, IReadOnlyList<object?> values)
    {
        var elementType = type is CimType.DateTime && values.Count > 0 && values.All(v => v is TimeSpan)
            ? typeof(TimeSpan)
            : ClrType(type);
        var array = Array.CreateInstance(elementType, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is null ? elementType.IsValueType : !elementType.IsInstanceOfType(values[i]))
            {
                return null;
            }

            array.SetValue(values[i], i);
        }

        return array;
    }

    /// <summary>The name of a CIM type in CIM-XML and MOF.</summary>
    public static string NameOf(CimType type) => type switch
    {
        CimType.SInt8 => "sint8",
        CimType.UInt8 => "uint8",
        CimType.SInt16 => "sint16",
        CimType.UInt16 => "uint16",
        CimType.SInt32 => "sint32",
        CimType.UInt32 => "uint32",
        CimType.SInt64 => "sint64",
        CimType.UInt64 => "uint64",
        CimType.Real32 => "real32",
        CimType.Real64 => "real64",
        CimType.Boolean => "boolean",
        CimType.Char16 => "char16",
        CimType.String => "string",
        CimType.DateTime => "datetime",
        CimType.Reference => "reference",
        CimType.Object => "object",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a CIM type."),
    };
}
