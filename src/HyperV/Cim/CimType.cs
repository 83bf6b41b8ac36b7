namespace HostAgent.HyperV.Cim;

/// <summary>The CIM types of properties and parameters, numbered as WMI numbers them (CIMTYPE_ENUMERATION).</summary>
public enum CimType
{
    /// <summary>Signed, 16 bits.</summary>
    SInt16 = 2,

    /// <summary>Signed, 32 bits.</summary>
    SInt32 = 3,

    /// <summary>Floating point, 32 bits.</summary>
    Real32 = 4,

    /// <summary>Floating point, 64 bits.</summary>
    Real64 = 5,

    /// <summary>Text.</summary>
    String = 8,

    /// <summary>True or false.</summary>
    Boolean = 11,

    /// <summary>An embedded instance.</summary>
    Object = 13,

    /// <summary>Signed, 8 bits.</summary>
    SInt8 = 16,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8 = 17,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16 = 18,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32 = 19,

    /// <summary>Signed, 64 bits.</summary>
    SInt64 = 20,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64 = 21,

    /// <summary>A point in time or an interval.</summary>
    DateTime = 101,

    /// <summary>The path of another object.</summary>
    Reference = 102,

    /// <summary>One UTF-16 code unit.</summary>
    Char16 = 103,
}
