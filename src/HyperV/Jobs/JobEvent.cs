using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Jobs;

/// <summary>A change of a job. Events are hints: several changes may be merged into one, and any may be lost.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Job">The job after the change, or as last seen when it was removed.</param>
public sealed record JobEvent(CimInstanceEventKind Kind, ConcreteJob Job);
