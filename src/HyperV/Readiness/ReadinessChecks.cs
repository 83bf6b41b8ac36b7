using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Readiness;

/// <summary>The checks: pure functions, one each, in the order of <see cref="ReadinessCheckId"/>.</summary>
internal sealed class ReadinessChecks(FailbackRules rules, DateTimeOffset now)
{
    public ReadinessReport Make(ReadinessFacts facts, RecoveryPointSelector selector)
    {
        var checks = new List<ReadinessCheck> { Service(facts), Found(facts) };
        if (facts.VirtualMachine is not { } machine)
        {
            return new ReadinessReport(checks, now, VirtualMachine: null, RecoveryPoint: null);
        }

        var selection = RecoveryPointSelection.From(selector, facts.RecoveryPoints);
        checks.AddRange(
        [
            NameUnique(facts, machine),
            Replica(machine),
            Relationship(machine),
            Settings(machine),
            State(machine),
            Extended(machine),
            Power(machine),
            SavedState(machine),
            Busy(machine),
            .. MachineHealthChecks.Make(machine),
            .. DiskChecks.Make(facts),
            new VolumeChecks(rules).Space(facts),
            Jobs(facts),
            HealthWarning(machine),
            HealthCritical(machine),
            LastReplication(machine),
            TestReplica(facts),
            Checkpoints(facts, machine),
            Point(facts, selector, selection),
            Provider(machine),
            .. ConnectionChecks.Registration(facts, machine),
            .. new CertificateChecks(rules, now).Make(facts, machine),
            .. ReplicaServerChecks.Make(facts, machine),
            .. ConnectionChecks.Reach(facts, machine),
            .. ClusterChecks.Make(facts, machine),
        ]);
        return new ReadinessReport(checks, now, machine, selection) { DiskBytes = DiskChecks.SizeOf(facts) };
    }

    private static ReadinessCheck Service(ReadinessFacts facts) => ReadinessCheck.Of(
        ReadinessCheckId.ReplicationServiceNotAvailable, facts.ServiceAvailable, CheckSeverity.Blocking,
        facts.ServiceAvailable ? "Msvm_ReplicationService answers" : "the host has no Msvm_ReplicationService",
        "Start the Hyper-V Virtual Machine Management service, and check that the agent's account is in Hyper-V Administrators.");

    private static ReadinessCheck Found(ReadinessFacts facts) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineNotFound, facts.VirtualMachine is not null, CheckSeverity.Blocking,
        facts.VirtualMachine is { } machine ? $"{machine.Name} ({machine.Id})" : $"this host has no virtual machine {facts.Id}",
        "Find the host or cluster node that has the machine now, and run the failback there.");

    private static ReadinessCheck NameUnique(ReadinessFacts facts, VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineNameNotUnique, facts.OthersOfSameName.Count == 0, CheckSeverity.Informational,
        facts.OthersOfSameName.Count == 0
            ? $"no other machine is named {machine.Name}"
            : $"{facts.OthersOfSameName.Count} other machines are named {machine.Name}: {string.Join(", ", facts.OthersOfSameName)}",
        "Check by its GUID that this is the intended machine.");

    private ReadinessCheck Replica(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.NotAReplica, rules.AllowedModes.Contains(machine.ReplicationMode), CheckSeverity.Blocking,
        $"replication mode {Numbered.Text(machine.ReplicationMode)}, allowed {Numbered.List(rules.AllowedModes)}",
        "Start the failback on the recovery machine, on the host it was failed over to.");

    private static ReadinessCheck Relationship(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.ReplicationRelationshipMissing, machine is { Relationship: not null, ReplicationSettings: not null }, CheckSeverity.Blocking,
        (machine.Relationship, machine.ReplicationSettings) switch
        {
            (null, _) => "no primary replication relationship",
            (_, null) => "a primary replication relationship without settings",
            _ => $"primary relationship {machine.Relationship.InstanceId} with its settings",
        },
        "Enable replication for the machine; shortly after a restart of the management service, wait until its replication data appears.");

    // Hyper-V allows any character in a machine's name; the failback settings contain the name and are XML.
    private static ReadinessCheck Settings(VirtualMachine machine)
    {
        var reason = machine.ReplicationSettings?.UnwritableReason;
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicationSettingsNotWritable, reason is null, CheckSeverity.Blocking,
            reason ?? (machine.ReplicationSettings is null ? "no replication settings" : "the replication settings can be written as text for the call"),
            "Rename the machine, or correct the setting, to remove the character.");
    }

    private ReadinessCheck State(VirtualMachine machine)
    {
        var shown = PowerShellReplicationState.For(machine.ReplicationState, machine.ReplicationMode);
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicationStateNotAllowed, rules.AllowedStates.Contains(machine.ReplicationState), CheckSeverity.Blocking,
            $"replication state {Numbered.Text(machine.ReplicationState)}{(shown is null ? "" : $", which PowerShell shows as {shown.Name}")}, "
                + $"allowed {Numbered.List(rules.AllowedStates)}",
            machine.ReplicationState switch
            {
                ReplicationState.Replicating or ReplicationState.Suspended => "Fail the machine over first; a failback follows a failover.",
                ReplicationState.FailbackInProgress => "Wait for the running failback.",
                ReplicationState.FailbackComplete => "Nothing to do: the machine has already been failed back.",
                ReplicationState.RecoveryInProgress or ReplicationState.Resynchronizing
                    or ReplicationState.WaitingToCompleteInitialReplication or ReplicationState.WaitingForUpdateCompletion
                    or ReplicationState.WaitingForRepurposeCompletion => "Wait for the running operation to end.",
                _ => "Bring the machine's replication into an allowed state first.",
            });
    }

    private static ReadinessCheck Extended(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.ExtendedReplicationPresent, machine.ExtendedRelationship is null, CheckSeverity.Overridable,
        machine.ExtendedRelationship is { } extended
            ? $"extended relationship in state {Numbered.Text(extended.State)}"
            : "no extended relationship",
        "Remove the extended replication first, or accept that the third host may need a new initial copy.");

    private ReadinessCheck Power(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineNotOff, machine.EnabledState is EnabledState.Off,
        rules.MustBeOff ? CheckSeverity.Blocking : CheckSeverity.Informational,
        $"power state {Numbered.Text(machine.EnabledState)}",
        machine.EnabledState is EnabledState.Stopping or EnabledState.ForceShutdown
            ? "Wait until the machine has shut down."
            : "Shut the guest down; anything it writes from now on would be lost.");

    private static ReadinessCheck SavedState(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.SavedStatePresent, !machine.HasSavedState, CheckSeverity.Blocking,
        machine.HasSavedState ? $"saved state on disk, {Numbered.Text(machine.EnabledState)}" : "no saved state",
        "Start the machine and shut its guest down, or delete the saved state and lose what was in memory.");

    private static ReadinessCheck Busy(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.VirtualMachineBusy, machine.AcceptsRequests, CheckSeverity.Blocking,
        $"operational status {(machine.OperationalStatus is { } status ? Numbered.Text(status) : "unknown")}"
            + (machine.OperationInProgress is { } work ? $", {Numbered.Text(work)}" : ""),
        "Wait for the reported work to end.");

    private static ReadinessCheck Jobs(ReadinessFacts facts)
    {
        var unfinished = facts.Jobs.Where(j => !j.IsTerminal).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.JobInProgress, unfinished.Count == 0, CheckSeverity.Blocking,
            unfinished.Count == 0 ? "no unfinished job" : string.Join("; ", unfinished.Select(Describe)),
            "Wait for the other operation to end; backup, checkpoint merge, export and migration hold the same lock as replication.");
    }

    private static string Describe(ConcreteJob job) => string.Create(
        CultureInfo.InvariantCulture,
        $"job {job.InstanceId} of type {(job.JobType is { } type ? Numbered.Text(type) : "unknown")} is {Numbered.Text(job.State)} at {job.PercentComplete ?? 0} %");

    // A machine that has failed over and has not been reversed always shows Warning.
    private static ReadinessCheck HealthWarning(VirtualMachine machine)
    {
        var failedOver = machine.ReplicationState is ReplicationState.Recovered or ReplicationState.Committed;
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicationHealthWarning, machine.ReplicationHealth is not ReplicationHealth.Warning,
            failedOver ? CheckSeverity.Informational : CheckSeverity.Overridable,
            $"replication health {Numbered.Text(machine.ReplicationHealth)}",
            failedOver
                ? "Nothing to do: this is the normal health of a machine that has failed over and has not been reversed."
                : "Check the machine's replication health, then decide.");
    }

    private ReadinessCheck HealthCritical(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.ReplicationHealthCritical, machine.ReplicationHealth is not ReplicationHealth.Critical,
        rules.CriticalHealthBlocks ? CheckSeverity.Blocking : CheckSeverity.Overridable,
        $"replication health {Numbered.Text(machine.ReplicationHealth)}",
        "Repair the machine's replication, or decide to try the failback anyway.");

    private ReadinessCheck LastReplication(VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.LastReplicationTimeUnknown, machine.Relationship?.LastReplicationTime is not null, CheckSeverity.Overridable,
        machine.Relationship is { LastReplicationTime: { } received } relationship
            ? $"last received {UtcText.Of(received)}, {Age(now - received)} ago; "
                + (relationship.LastApplyTime is { } applied
                    ? $"last applied {UtcText.Of(applied)}{(applied < received ? $", {Age(received - applied)} behind" : "")}"
                    : "never applied")
            : "time of the last replication unknown",
        "Find out how current the recovery machine's data is before sending it back.");

    private static ReadinessCheck TestReplica(ReadinessFacts facts) => ReadinessCheck.Of(
        ReadinessCheckId.TestReplicaPresent, facts.TestReplicas.Count == 0, CheckSeverity.Blocking,
        facts.TestReplicas.Count == 0 ? "no test failover machine" : $"test failover machine {string.Join(", ", facts.TestReplicas)}",
        "End the test failover, which removes its machine.");

    private static ReadinessCheck Checkpoints(ReadinessFacts facts, VirtualMachine machine)
    {
        var external = machine.ReplicationSettings?.IsExternalProvider == true;
        return ReadinessCheck.Of(
            ReadinessCheckId.CheckpointsPresent, facts.Checkpoints.Count == 0, external ? CheckSeverity.Overridable : CheckSeverity.Informational,
            facts.Checkpoints.Count == 0
                ? "no ordinary checkpoints"
                : $"{facts.Checkpoints.Count} ordinary checkpoints: {string.Join(", ", facts.Checkpoints)}",
            "Delete the checkpoints and wait until their disks are merged.");
    }

    private static ReadinessCheck Point(ReadinessFacts facts, RecoveryPointSelector selector, RecoveryPointSelection selection) => ReadinessCheck.Of(
        ReadinessCheckId.RecoveryPointGone, selection.Found, CheckSeverity.Blocking,
        selection switch
        {
            { Found: false } => $"requested {selector}; {facts.RecoveryPoints.Count} recovery points exist, none matches",
            { Point: { } point } => $"{selector} is {point.Identifier} of {UtcText.Of(point.Time)} ({point.Type})",
            _ => $"{selector}, {facts.RecoveryPoints.Count} recovery points exist",
        },
        "Choose a recovery point that exists, or the latest state; a commit or a resynchronisation removes all recovery points.");

    private static ReadinessCheck Provider(VirtualMachine machine)
    {
        var external = machine.ReplicationSettings?.IsExternalProvider;
        return ReadinessCheck.Of(
            ReadinessCheckId.InBoxReplicationProvider, external == true, CheckSeverity.Informational,
            external switch
            {
                true => $"external replication provider {machine.ReplicationSettings!.ReplicationProvider}",
                false => "the in-box host-to-host replication provider",
                null => "the settings contain no replication provider",
            },
            "The in-box provider may answer 32770 or 32775; then reverse the replication and run a planned failover instead.");
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h {age.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d {age.Hours} h"),
    };
}
