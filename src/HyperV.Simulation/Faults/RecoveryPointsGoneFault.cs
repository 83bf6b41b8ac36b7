using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>All recovery points of the virtual machine go, as a plan was made on them: a call that names one answers 32773. Estate kind: <c>recoveryPointsGone</c>.</summary>
public sealed record RecoveryPointsGoneFault : Fault
{
    /// <summary>When, in host time from the beginning. Default: 10 minutes.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    internal override Occurrence? Occurrence => new(After, new MachineChange { RemovesRecoveryPoints = true });

    internal override bool StrikesCalls => false;
}
