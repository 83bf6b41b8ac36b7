using System.Globalization;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Readiness;

/// <summary>The checks that are about the machine's own well-being: what its operational status and health state say beyond busy.</summary>
internal static class MachineHealthChecks
{
    private const int MajorFailure = 20;
    private const int CriticalFailure = 25;

    public static IEnumerable<ReadinessCheck> Make(VirtualMachine machine)
        => [WorkInProgress(machine), Storage(machine), Disk(machine), Health(machine)];

    private static ReadinessCheck WorkInProgress(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineWorkInProgress, !machine.HasInterruptibleWork, CheckSeverity.Overridable,
        machine.HasInterruptibleWork ? $"work that would be interrupted: {Numbered.Text(machine.OperationInProgress!.Value)}" : "no work that would be interrupted",
        "Wait for the work to end; an interrupted disk merge leaves the machine's disks in a longer chain.");

    private static ReadinessCheck Storage(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineStorageDegraded, machine.OperationalStatus is not OperationalStatus.Degraded, CheckSeverity.Blocking,
        $"operational status {Told(machine)}",
        "Bring the storage that holds the machine's configuration back online.");

    private static ReadinessCheck Disk(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineDiskNearlyFull, machine.OperationalStatus is not OperationalStatus.PredictiveFailure, CheckSeverity.Overridable,
        $"operational status {Told(machine)}",
        "Free space on the volume of the machine's disks: undo disks and the merge at the end need it.");

    private static ReadinessCheck Health(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineHealthFailure, machine.HealthState is not (MajorFailure or CriticalFailure), CheckSeverity.Overridable,
        machine.HealthState switch
        {
            MajorFailure => "health state 20, major failure",
            CriticalFailure => "health state 25, critical failure",
            { } other => string.Create(CultureInfo.InvariantCulture, $"health state {other}"),
            null => "health state not told",
        },
        "Look at the machine's state on the host and decide.");

    private static string Told(VirtualMachine machine) => machine.OperationalStatus is { } status ? Numbered.Text(status) : "not told";
}
