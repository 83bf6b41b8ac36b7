using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Somebody gives the virtual machine another display name; its identifier stays. Estate kind: <c>renamed</c>.</summary>
/// <param name="Name">The new name.</param>
public sealed record RenamedFault(string Name) : Fault
{
    /// <summary>When, in host time from the beginning. Default: 10 minutes.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    internal override Occurrence? Occurrence => new(After, new MachineChange { Name = Name });

    internal override bool StrikesCalls => false;
}
