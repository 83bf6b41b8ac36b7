namespace HostAgent.HyperV.Cim;

/// <summary>One equality condition of a listing: structured, so that escaping happens in one place only.</summary>
/// <param name="Property">Name of the property compared.</param>
/// <param name="Value">A string, number or boolean.</param>
public sealed record CimFilter(string Property, object Value);
