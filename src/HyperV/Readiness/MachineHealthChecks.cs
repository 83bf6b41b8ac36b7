using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Readiness;

/// <summary>Checks of the machine's operational status and health state, other than busy.</summary>
internal static class MachineHealthChecks
{
    private const int MajorFailure = 20;
    private const int CriticalFailure = 25;

    public static IEnumerable<ReadinessCheck> Make(VirtualMachine machine)
        => [WorkInProgress(machine), Storage(machine), Disk(machine), Health(machine)];

    private static ReadinessCheck WorkInProgress(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineWorkInProgress, !machine.HasInterruptibleWork, CheckSeverity.Overridable,
        machine.HasInterruptibleWork ? $"work that would be interrupted: {Numbered.Text(machine.OperationInProgress!.Value)}" : "no work that would be interrupted",
        "Wait for the work to end; an interrupted disk merge leaves a longer disk chain.");

    private static ReadinessCheck Storage(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineStorageDegraded, machine.OperationalStatus is not OperationalStatus.Degraded, CheckSeverity.Blocking,
        $"operational status {StatusText(machine)}",
        "Bring the storage that holds the machine's configuration back online.");

    private static ReadinessCheck Disk(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineDiskNearlyFull, machine.OperationalStatus is not OperationalStatus.PredictiveFailure, CheckSeverity.Overridable,
        $"operational status {StatusText(machine)}",
        "Free space on the volume of the machine's disks: undo disks and the final merge need it.");

    private static ReadinessCheck Health(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineHealthFailure, machine.HealthState is not (MajorFailure or CriticalFailure), CheckSeverity.Overridable,
        machine.HealthState switch
        {
            MajorFailure => "health state 20, major failure",
            CriticalFailure => "health state 25, critical failure",
            { } other => string.Create(CultureInfo.InvariantCulture, $"health state {other}"),
            null => "health state unknown",
        },
        "Check the machine's state on the host, then decide.");

    private static string StatusText(VirtualMachine machine) => machine.OperationalStatus is { } status ? Numbered.Text(status) : "unknown";
}
