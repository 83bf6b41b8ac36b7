using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// Plans a failback's reverse resynchronisation: compare the disks block by block, send the differences, merge.
/// The percentage is divided by the time each phase would take alone.
/// </summary>
internal static class FailbackWork
{
    private const double SubmitSeconds = 1;
    private const double StartSeconds = 4;
    private const double FinishSeconds = 10;
    private const double BytesPerGigabyte = 1e9;
    private const double BytesPerMegabyte = 1e6;
    private const double BytesPerMegabit = 125_000;

    public static double LinkBytesPerSecond(double megabits) => megabits * BytesPerMegabit;

    public static JobPlan Plan(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine, ReplicationState formerState)
    {
        return new JobPlan
        {
            Phases = ResynchronizationPhases(host, machine),
            Ending = new JobEnding(EndingKind.Ends) { ReplicationState = ReplicationState.FailbackComplete },
            StateAfterFailure = After(host.AfterFailure, formerState),
            StateAfterCancel = After(host.AfterCancel, formerState),
        };
    }

    /// <summary>Compare all blocks, send the differences, merge: the same for a failback and for a resynchronisation.</summary>
    public static IReadOnlyList<JobPhase> ResynchronizationPhases(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine)
    {
        var compareRate = host.CompareMegabytesPerSecond * BytesPerMegabyte;
        var mergeRate = host.MergeMegabytesPerSecond * BytesPerMegabyte;
        var compare = machine.DiskGigabytes * BytesPerGigabyte;
        var transfer = machine.ChangedGigabytes * BytesPerGigabyte;
        var merge = transfer + (FinishSeconds * mergeRate);
        var compareSeconds = compare / compareRate;
        var transferSeconds = transfer / LinkBytesPerSecond(host.LinkMegabitsPerSecond);
        var total = compareSeconds + transferSeconds + (merge / mergeRate);
        var compared = 100 * compareSeconds / total;
        var transferred = 100 * (compareSeconds + transferSeconds) / total;
        return
        [
            new(PhaseKind.Submit, SubmitSeconds, 1, 0, 0),
            new(PhaseKind.Start, StartSeconds, 1, 0, 0),
            new(PhaseKind.Compare, compare, compareRate, 0, compared),
            new(PhaseKind.Transfer, transfer, 0, compared, transferred),
            new(PhaseKind.Merge, merge, mergeRate, transferred, 100),
        ];
    }

    /// <summary>Sends the disks completely: initial replication over the network.</summary>
    public static IReadOnlyList<JobPhase> FirstCopyPhases(SimulatedVirtualMachineDescription machine)
    => [
        new(PhaseKind.Submit, SubmitSeconds, 1, 0, 0),
        new(PhaseKind.Start, StartSeconds, 1, 0, 0),
        new(PhaseKind.Transfer, machine.DiskGigabytes * BytesPerGigabyte, 0, 0, 100),
    ];

    /// <summary>Writes the disks completely to a medium, or reads them from it: initial replication by export or import.</summary>
    public static IReadOnlyList<JobPhase> CarriedCopyPhases(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine)
    => [
        new(PhaseKind.Submit, SubmitSeconds, 1, 0, 0),
        new(PhaseKind.Start, StartSeconds, 1, 0, 0),
        new(PhaseKind.Other, machine.DiskGigabytes * BytesPerGigabyte, host.MergeMegabytesPerSecond * BytesPerMegabyte, 0, 100),
    ];

    private static ReplicationState After(AfterInterruption what, ReplicationState formerState)
        => what == AfterInterruption.Critical ? ReplicationState.Critical : formerState;
}
