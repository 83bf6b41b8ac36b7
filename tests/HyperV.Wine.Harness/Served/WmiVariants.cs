using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>
/// CIM values in the automation types that WMI uses: what is shorter than 32 bits or unsigned travels as a signed number of 32 bits,
/// 64-bit integers, datetimes and references as texts, embedded objects as interfaces.
/// </summary>
internal static class WmiVariants
{
    /// <summary>A variant whose contents the receiver clears.</summary>
    public static ComVariant From(ServedProperty property, Func<CimInstance, ServedObject> embed)
    {
        if (property.Value is null)
        {
            return ComVariant.Null;
        }

        return property.IsArray ? FromArray(property.Type, (Array)property.Value, embed) : FromSingle(property.Type, property.Value, embed);
    }

    /// <summary>The value in a variant that a caller has put in; the variant stays the caller's.</summary>
    /// <exception cref="CimException">The variant does not fit the declared type.</exception>
    public static object? Read(CimType type, bool isArray, in ComVariant variant)
    {
        if (variant.VarType is VarEnum.VT_NULL or VarEnum.VT_EMPTY)
        {
            return null;
        }

        if (isArray)
        {
            return type is CimType.String && variant.VarType == (VarEnum.VT_ARRAY | VarEnum.VT_BSTR)
                ? SafeArrays.ReadTexts(ComVariantRaw(variant))
                : throw Mismatch(type, variant);
        }

        return (type, variant.VarType) switch
        {
            (CimType.String, VarEnum.VT_BSTR) => variant.As<string>(),
            (CimType.Reference, VarEnum.VT_BSTR) => Path(variant.As<string>()!),
            (CimType.DateTime, VarEnum.VT_BSTR) when CimDateTime.TryParse(variant.As<string>(), out var time) => time,
            (CimType.UInt64, VarEnum.VT_BSTR) => ulong.Parse(variant.As<string>()!, CultureInfo.InvariantCulture),
            (CimType.SInt64, VarEnum.VT_BSTR) => long.Parse(variant.As<string>()!, CultureInfo.InvariantCulture),
            (CimType.Boolean, VarEnum.VT_BOOL) => variant.As<bool>(),
            (CimType.UInt8, VarEnum.VT_UI1) => variant.As<byte>(),
            (CimType.UInt16, VarEnum.VT_I4) => checked((ushort)variant.As<int>()),
            (CimType.UInt32, VarEnum.VT_I4) => unchecked((uint)variant.As<int>()),
            (CimType.SInt32, VarEnum.VT_I4) => variant.As<int>(),
            _ => throw Mismatch(type, variant),
        };
    }

    private static ComVariant FromSingle(CimType type, object value, Func<CimInstance, ServedObject> embed) => type switch
    {
        CimType.String or CimType.DateTime or CimType.Reference or CimType.SInt64 or CimType.UInt64 => ComVariant.Create(Text(value)),
        CimType.Boolean => ComVariant.Create((bool)value),
        CimType.UInt8 => ComVariant.Create((byte)value),
        CimType.SInt16 or CimType.SInt8 => ComVariant.Create(Convert.ToInt16(value, CultureInfo.InvariantCulture)),
        CimType.Char16 => ComVariant.Create(unchecked((short)(char)value)),
        CimType.UInt16 or CimType.SInt32 => ComVariant.Create(Convert.ToInt32(value, CultureInfo.InvariantCulture)),
        CimType.UInt32 => ComVariant.Create(unchecked((int)(uint)value)),
        CimType.Real32 => ComVariant.Create((float)value),
        CimType.Real64 => ComVariant.Create((double)value),
        CimType.Object => ComVariant.CreateRaw(VarEnum.VT_UNKNOWN, ComPointers.Of<IWbemClassObject>(embed((CimInstance)value))),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a CIM type."),
    };

    private static ComVariant FromArray(CimType type, Array values, Func<CimInstance, ServedObject> embed)
    {
        var items = values.Cast<object?>().ToList();
        return type switch
        {
            CimType.String or CimType.DateTime or CimType.Reference or CimType.SInt64 or CimType.UInt64
                => Array(VarEnum.VT_BSTR, SafeArrays.OfTexts([.. items.Select(item => item is null ? null : Text(item))])),
            CimType.Boolean => Array(VarEnum.VT_BOOL, SafeArrays.Of(VarEnum.VT_BOOL, [.. items.Select(item => (short)((bool)item! ? -1 : 0))])),
            CimType.UInt8 => Array(VarEnum.VT_UI1, SafeArrays.Of(VarEnum.VT_UI1, [.. items.Select(item => (byte)item!)])),
            CimType.UInt16 or CimType.SInt32 => Array(
                VarEnum.VT_I4, SafeArrays.Of(VarEnum.VT_I4, [.. items.Select(item => Convert.ToInt32(item, CultureInfo.InvariantCulture))])),
            CimType.UInt32 => Array(VarEnum.VT_I4, SafeArrays.Of(VarEnum.VT_I4, [.. items.Select(item => unchecked((int)(uint)item!))])),
            CimType.Object => Embedded([.. items.Select(item => embed((CimInstance)item!))]),
            _ => throw new InvalidOperationException($"No object of a Hyper-V host has an array of {type}."),
        };
    }

    private static ComVariant Embedded(IReadOnlyList<ServedObject> objects)
    {
        var pointers = objects.Select(ComPointers.Of<IWbemClassObject>).ToList();
        var array = SafeArrays.Of(VarEnum.VT_UNKNOWN, pointers);
        pointers.ForEach(pointer => Marshal.Release(pointer)); // the array has counted them
        return Array(VarEnum.VT_UNKNOWN, array);
    }

    private static ComVariant Array(VarEnum element, nint array) => ComVariant.CreateRaw(VarEnum.VT_ARRAY | element, array);

    private static unsafe nint ComVariantRaw(in ComVariant variant)
    {
        var copy = variant;
        return copy.GetRawDataRef<nint>();
    }

    private static string Text(object value) => value switch
    {
        DateTimeOffset time => CimDateTime.Format(time),
        TimeSpan interval => CimDateTime.Format(interval),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static CimObjectPath Path(string text)
    {
        try
        {
            return CimObjectPath.Parse(text);
        }
        catch (FormatException malformed)
        {
            throw new CimException(CimErrorCode.InvalidParameter, malformed.Message, malformed);
        }
    }

    private static CimException Mismatch(CimType type, in ComVariant variant)
        => new(CimErrorCode.TypeMismatch, $"A {variant.VarType} does not fit a {CimValues.NameOf(type)}.");
}
