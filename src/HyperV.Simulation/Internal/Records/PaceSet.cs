using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>The host was opened with another pace than before.</summary>
internal sealed record PaceSet(DateTimeOffset Time, Pace Pace) : StateRecord(Time);
