namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>Something that is going to happen to a virtual machine by itself.</summary>
/// <param name="After">When, in host time from the simulation's beginning.</param>
/// <param name="Change">What.</param>
internal sealed record Occurrence(TimeSpan After, MachineChange Change);
