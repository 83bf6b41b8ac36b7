namespace HostAgent.HyperV.Cim;

/// <summary>How a class declares one property.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Type">Its type, or the type of its elements.</param>
/// <param name="IsArray">Whether it is an array.</param>
public sealed record CimProperty(string Name, CimType Type, bool IsArray = false);
