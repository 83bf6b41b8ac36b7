namespace HostAgent.HyperV.Cim;

/// <summary>A change of one instance.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Instance">The instance after the change, or as last seen when it was deleted.</param>
public sealed record CimInstanceEvent(CimInstanceEventKind Kind, CimInstance Instance);
