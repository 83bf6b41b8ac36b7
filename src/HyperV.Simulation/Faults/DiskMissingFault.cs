using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The file of a disk is not there, as when its volume is offline: reading it, and a failback of its virtual machine, answer 32779.
/// Estate kind: <c>diskMissing</c>.
/// </summary>
public sealed record DiskMissingFault : Fault
{
    /// <summary>Which disk of the virtual machine, from 1. Default: the first.</summary>
    public int Disk { get; init; } = 1;

    internal override FaultAnswer Answer => new(ReturnCode.FileNotFound, TakesEffect: false);
}
