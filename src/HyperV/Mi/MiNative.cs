using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Mi;

// The C interface of mi.dll as mi.h declares it, in its 64-bit layout. Objects are called through their tables, whose slots' order is the
// interface; slots that are never called have no signature.

/// <summary>An application, a session, an operation, options, or the qualifiers and parameters of a class: two words of the library's own, and a table.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiHandle
{
    public ulong Reserved1;
    public nint Reserved2;
    public void* Table;
}

/// <summary>What instances and classes begin with; both are the library's and live where it put them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiObject
{
    public void* Table;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiApplicationTable
{
    public nint Close;
    public delegate* unmanaged<MiHandle*, char*, char*, MiHandle*, void*, MiObject**, MiHandle*, MiResult> NewSession;
    public nint NewHostedProvider;
    public delegate* unmanaged<MiHandle*, char*, void*, MiObject**, MiResult> NewInstance;
    public nint NewDestinationOptions;
    public delegate* unmanaged<MiHandle*, byte, MiHandle*, MiResult> NewOperationOptions;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiSessionTable
{
    public delegate* unmanaged<MiHandle*, void*, delegate* unmanaged<void*, void>, MiResult> Close;
    public nint GetApplication;
    public delegate* unmanaged<MiHandle*, uint, MiHandle*, char*, MiObject*, void*, MiHandle*, void> GetInstance;
    public nint ModifyInstance;
    public nint CreateInstance;
    public nint DeleteInstance;
    public delegate* unmanaged<MiHandle*, uint, MiHandle*, char*, char*, char*, MiObject*, MiObject*, void*, MiHandle*, void> Invoke;
    public nint EnumerateInstances;
    public delegate* unmanaged<MiHandle*, uint, MiHandle*, char*, char*, char*, void*, MiHandle*, void> QueryInstances;
    public nint AssociatorInstances;
    public nint ReferenceInstances;
    public delegate* unmanaged<MiHandle*, uint, MiHandle*, char*, char*, char*, void*, void*, MiHandle*, void> Subscribe;
    public delegate* unmanaged<MiHandle*, uint, MiHandle*, char*, char*, void*, MiHandle*, void> GetClass;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiOperationTable
{
    public delegate* unmanaged<MiHandle*, MiResult> Close;
    public delegate* unmanaged<MiHandle*, int, MiResult> Cancel;
    public nint GetSession;
    public delegate* unmanaged<MiHandle*, MiObject**, byte*, MiResult*, char**, MiObject**, MiResult> GetInstance;
    public delegate* unmanaged<MiHandle*, MiObject**, char**, char**, byte*, MiResult*, char**, MiObject**, MiResult> GetIndication;
    public delegate* unmanaged<MiHandle*, MiObject**, byte*, MiResult*, char**, MiObject**, MiResult> GetClass;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiOperationOptionsTable
{
    public delegate* unmanaged<MiHandle*, void> Delete;
    public nint SetString;
    public nint SetNumber;
    public nint SetCustomOption;
    public nint GetString;
    public nint GetNumber;
    public nint GetOptionCount;
    public nint GetOptionAt;
    public nint GetOption;
    public nint GetEnabledChannels;
    public nint Clone;
    public delegate* unmanaged<MiHandle*, char*, MiInterval*, uint, MiResult> SetInterval;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiInstanceTable
{
    public nint Clone;
    public nint Destruct;
    public delegate* unmanaged<MiObject*, MiResult> Delete;
    public nint IsA;
    public delegate* unmanaged<MiObject*, char**, MiResult> GetClassName;
    public delegate* unmanaged<MiObject*, char*, MiResult> SetNamespace;
    public delegate* unmanaged<MiObject*, char**, MiResult> GetNamespace;
    public delegate* unmanaged<MiObject*, uint*, MiResult> GetElementCount;
    public delegate* unmanaged<MiObject*, char*, MiValue*, MiType, uint, MiResult> AddElement;
    public nint SetElement;
    public nint SetElementAt;
    public delegate* unmanaged<MiObject*, char*, MiValue*, MiType*, uint*, uint*, MiResult> GetElement;
    public delegate* unmanaged<MiObject*, uint, char**, MiValue*, MiType*, uint*, MiResult> GetElementAt;
    public nint ClearElement;
    public nint ClearElementAt;
    public delegate* unmanaged<MiObject*, char**, MiResult> GetServerName;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiClassTable
{
    public nint GetClassName;
    public nint GetNamespace;
    public nint GetServerName;
    public delegate* unmanaged<MiObject*, uint*, MiResult> GetElementCount;
    public nint GetElement;
    public delegate* unmanaged<MiObject*, uint, char**, MiValue*, byte*, MiType*, char**, MiHandle*, uint*, MiResult> GetElementAt;
    public nint GetClassQualifierSet;
    public delegate* unmanaged<MiObject*, uint*, MiResult> GetMethodCount;
    public delegate* unmanaged<MiObject*, uint, char**, MiHandle*, MiHandle*, MiResult> GetMethodAt;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiQualifierSetTable
{
    public nint GetQualifierCount;
    public nint GetQualifierAt;
    public delegate* unmanaged<MiHandle*, char*, MiType*, uint*, MiValue*, uint*, MiResult> GetQualifier;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MiParameterSetTable
{
    public nint GetMethodReturnType;
    public delegate* unmanaged<MiHandle*, uint*, MiResult> GetParameterCount;
    public delegate* unmanaged<MiHandle*, uint, char**, MiType*, char**, MiHandle*, MiResult> GetParameterAt;
}

/// <summary>A value of any type: 40 bytes, of which a datetime is the longest.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal unsafe struct MiValue
{
    [FieldOffset(0)]
    public byte Boolean;
    [FieldOffset(0)]
    public byte UInt8;
    [FieldOffset(0)]
    public sbyte SInt8;
    [FieldOffset(0)]
    public ushort UInt16;
    [FieldOffset(0)]
    public short SInt16;
    [FieldOffset(0)]
    public uint UInt32;
    [FieldOffset(0)]
    public int SInt32;
    [FieldOffset(0)]
    public ulong UInt64;
    [FieldOffset(0)]
    public long SInt64;
    [FieldOffset(0)]
    public float Real32;
    [FieldOffset(0)]
    public double Real64;
    [FieldOffset(0)]
    public MiDatetime Datetime;
    [FieldOffset(0)]
    public char* String;
    [FieldOffset(0)]
    public MiObject* Instance;
    [FieldOffset(0)]
    public void* Array;
    [FieldOffset(8)]
    public uint ArraySize;
}

/// <summary>A point in time or an interval; the fields mean one or the other.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MiDatetime
{
    public uint IsTimestamp;
    public uint YearOrDays;
    public uint MonthOrHours;
    public uint DayOrMinutes;
    public uint HourOrSeconds;
    public uint MinuteOrMicroseconds;
    public uint Second;
    public uint Microseconds;
    public int MinutesFromUtc;
}

[StructLayout(LayoutKind.Sequential)]
internal struct MiInterval
{
    public uint Days;
    public uint Hours;
    public uint Minutes;
    public uint Seconds;
    public uint Microseconds;
    public uint Padding1;
    public uint Padding2;
    public uint Padding3;
}

/// <summary>MI_Type. An array has the number of its elements' type and 16.</summary>
internal enum MiType
{
    Boolean = 0,
    UInt8 = 1,
    SInt8 = 2,
    UInt16 = 3,
    SInt16 = 4,
    UInt32 = 5,
    SInt32 = 6,
    UInt64 = 7,
    SInt64 = 8,
    Real32 = 9,
    Real64 = 10,
    Char16 = 11,
    Datetime = 12,
    String = 13,
    Reference = 14,
    Instance = 15,
    Array = 16,
}

/// <summary>MI_Result, as far as it is told apart here.</summary>
internal enum MiResult
{
    Ok = 0,
    Failed = 1,
    AccessDenied = 2,
    InvalidNamespace = 3,
    InvalidParameter = 4,
    InvalidClass = 5,
    NotFound = 6,
    NotSupported = 7,
    TypeMismatch = 13,
    QueryLanguageNotSupported = 14,
    InvalidQuery = 15,
    MethodNotAvailable = 16,
    MethodNotFound = 17,
    ServerLimitsExceeded = 27,
    ServerIsShuttingDown = 28,
}

/// <summary>Numbers and names of mi.h.</summary>
internal static class MiConstants
{
    /// <summary>MI_FLAG_KEY.</summary>
    public const uint KeyFlag = 1 << 12;

    /// <summary>MI_FLAG_NULL.</summary>
    public const uint NullFlag = 1 << 29;

    /// <summary>MI_OPERATIONFLAGS_STANDARD_RTTI: elements have their declared types.</summary>
    public const uint StandardTypes = 0x0800;

    /// <summary>MI_REASON_NONE.</summary>
    public const int NoReason = 0;

    /// <summary>The option that MI_OperationOptions_SetTimeout sets.</summary>
    public const string TimeoutOption = "__MI_OPERATIONOPTIONS_TIMEOUT";

    /// <summary>The class name with which MI_Application_NewParameterSet makes an object for arguments.</summary>
    public const string Parameters = "Parameters";

    /// <summary>The protocol to another host; the local one needs none.</summary>
    public const string Dcom = "WMIDCOM";

    /// <summary>The query language.</summary>
    public const string Wql = "WQL";
}
