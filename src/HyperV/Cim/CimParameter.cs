namespace HostAgent.HyperV.Cim;

/// <summary>How a method declares one parameter.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">Its type, or the type of its elements. Embedded instances are declared as text.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="IsOutput">Whether the method answers with it; otherwise it is an argument.</param>
public sealed record CimParameter(string Name, CimType Type, bool IsArray = false, bool IsOutput = false);
