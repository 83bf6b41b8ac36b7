using System.Globalization;
using System.Runtime.InteropServices;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>Converts between the library's values and those of <see cref="CimInstance"/>.</summary>
internal static unsafe class MiValues
{
    /// <summary>The library's type for a type of the port; arrays aside.</summary>
    public static MiType TypeOf(CimType type) => type switch
    {
        CimType.Boolean => MiType.Boolean,
        CimType.UInt8 => MiType.UInt8,
        CimType.SInt8 => MiType.SInt8,
        CimType.UInt16 => MiType.UInt16,
        CimType.SInt16 => MiType.SInt16,
        CimType.UInt32 => MiType.UInt32,
        CimType.SInt32 => MiType.SInt32,
        CimType.UInt64 => MiType.UInt64,
        CimType.SInt64 => MiType.SInt64,
        CimType.Real32 => MiType.Real32,
        CimType.Real64 => MiType.Real64,
        CimType.Char16 => MiType.Char16,
        CimType.DateTime => MiType.Datetime,
        CimType.Reference => MiType.Reference,
        CimType.Object => MiType.Instance,
        _ => MiType.String,
    };

    /// <summary>The port's type for a type of the library, of the elements for an array.</summary>
    public static CimType TypeOf(MiType type, out bool isArray)
    {
        isArray = type >= MiType.Array;
        return ElementTypeOf(type) switch
        {
            MiType.Boolean => CimType.Boolean,
            MiType.UInt8 => CimType.UInt8,
            MiType.SInt8 => CimType.SInt8,
            MiType.UInt16 => CimType.UInt16,
            MiType.SInt16 => CimType.SInt16,
            MiType.UInt32 => CimType.UInt32,
            MiType.SInt32 => CimType.SInt32,
            MiType.UInt64 => CimType.UInt64,
            MiType.SInt64 => CimType.SInt64,
            MiType.Real32 => CimType.Real32,
            MiType.Real64 => CimType.Real64,
            MiType.Char16 => CimType.Char16,
            MiType.Datetime => CimType.DateTime,
            MiType.Reference => CimType.Reference,
            MiType.Instance => CimType.Object,
            _ => CimType.String,
        };
    }

    /// <summary>Reads a value, which stays the library's.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="instances">Reads an embedded instance or a reference, by its address.</param>
    public static object? Read(MiValue* value, MiType type, IMiInstanceReader instances)
    {
        var cimType = TypeOf(type, out var isArray);
        if (!isArray)
        {
            return ReadOne(value, type, instances);
        }

        var element = ElementTypeOf(type);
        var items = new List<object?>((int)value->ArraySize);
        for (var i = 0; i < value->ArraySize; i++)
        {
            var one = ElementOf(value->Array, i, element);
            items.Add(ReadOne(&one, element, instances));
        }

        return CimValues.ToArray(cimType, items) ?? items.ToArray();
    }

    /// <summary>The size of one element of an array, in bytes.</summary>
    public static int SizeOf(MiType type) => type switch
    {
        MiType.Boolean or MiType.UInt8 or MiType.SInt8 => 1,
        MiType.UInt16 or MiType.SInt16 or MiType.Char16 => 2,
        MiType.UInt32 or MiType.SInt32 or MiType.Real32 => 4,
        MiType.Datetime => sizeof(MiDatetime),
        _ => 8,
    };

    /// <summary>A point in time or an interval as the library has it.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static MiDatetime ToDatetime(object value) => value switch
    {
        DateTimeOffset time => new MiDatetime
        {
            IsTimestamp = 1,
            YearOrDays = (uint)time.Year,
            MonthOrHours = (uint)time.Month,
            DayOrMinutes = (uint)time.Day,
            HourOrSeconds = (uint)time.Hour,
            MinuteOrMicroseconds = (uint)time.Minute,
            Second = (uint)time.Second,
            Microseconds = (uint)(time.Millisecond * 1000 + time.Microsecond),
            MinutesFromUtc = (int)time.Offset.TotalMinutes,
        },
        TimeSpan interval => new MiDatetime
        {
            YearOrDays = (uint)interval.Days,
            MonthOrHours = (uint)interval.Hours,
            DayOrMinutes = (uint)interval.Minutes,
            HourOrSeconds = (uint)interval.Seconds,
            MinuteOrMicroseconds = (uint)(interval.Milliseconds * 1000 + interval.Microseconds),
        },
        _ => throw new ArgumentException($"A {value.GetType().Name} is not a datetime.", nameof(value)),
    };

    private static MiType ElementTypeOf(MiType type) => (MiType)((int)type % (int)MiType.Array);

    private static object? ReadOne(MiValue* value, MiType type, IMiInstanceReader instances) => type switch
    {
        MiType.Boolean => value->Boolean != 0,
        MiType.UInt8 => value->UInt8,
        MiType.SInt8 => value->SInt8,
        MiType.UInt16 => value->UInt16,
        MiType.SInt16 => value->SInt16,
        MiType.UInt32 => value->UInt32,
        MiType.SInt32 => value->SInt32,
        MiType.UInt64 => value->UInt64,
        MiType.SInt64 => value->SInt64,
        MiType.Real32 => value->Real32,
        MiType.Real64 => value->Real64,
        MiType.Char16 => (char)value->UInt16,
        MiType.Datetime => ReadDatetime(value->Datetime),
        MiType.String => value->String is null ? null : new string(value->String),
        MiType.Reference => value->Instance is null ? null : instances.ReadReference(value->Instance),
        MiType.Instance => value->Instance is null ? null : instances.ReadEmbedded(value->Instance),
        _ => null,
    };

    // Through the text that hosts write, so that what is no time at all becomes that text here as over System.Management.
    private static object ReadDatetime(MiDatetime value)
    {
        var text = value.IsTimestamp != 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{value.YearOrDays:0000}{value.MonthOrHours:00}{value.DayOrMinutes:00}{value.HourOrSeconds:00}{value.MinuteOrMicroseconds:00}{value.Second:00}.{value.Microseconds:000000}{(value.MinutesFromUtc < 0 ? '-' : '+')}{Math.Abs(value.MinutesFromUtc):000}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{value.YearOrDays:00000000}{value.MonthOrHours:00}{value.DayOrMinutes:00}{value.HourOrSeconds:00}.{value.MinuteOrMicroseconds:000000}:000");
        return CimDateTime.TryParse(text, out var parsed) ? parsed : text;
    }

    private static MiValue ElementOf(void* array, int index, MiType type)
    {
        var size = SizeOf(type);
        MiValue value = default;
        NativeMemory.Copy((byte*)array + index * size, &value, (nuint)size);
        return value;
    }
}

/// <summary>Reads the instances in a value; they stay the library's.</summary>
internal unsafe interface IMiInstanceReader
{
    /// <summary>An embedded instance.</summary>
    CimInstance ReadEmbedded(MiObject* instance);

    /// <summary>A reference to an instance, which comes as an instance that has its keys only.</summary>
    CimObjectPath ReadReference(MiObject* instance);
}
