using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Kinds.Steps;

/// <summary>Every kind of step.</summary>
internal static class StepDefinitions
{
    /// <summary>
    /// How long a host waits at least before it starts a replicated machine with itself: long enough for the agent to be up and for a coordinator to fence what
    /// belongs to the other host.
    /// </summary>
    public static readonly TimeSpan ShortestStartupDelay = TimeSpan.FromSeconds(180);

    /// <summary>The definitions, in the order of the contract.</summary>
    public static IReadOnlyList<StepDefinition> All { get; } =
    [
        new()
        {
            Name = "fence",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "any state",
            Allows = _ => true,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Calls.SetStartupActionAsync(on.Id, StartupAction.None, token),
        },
        new()
        {
            Name = "unfence",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "any state",
            Allows = _ => true,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Calls.SetStartupActionAsync(on.Id, StartupAction.RestartIfRunning, token),
        },
        new()
        {
            Name = "shut-down-guest",
            NeedsProof = true,
            Jobs = [JobType.ShutDownVirtualMachine],
            Needs = "running",
            Allows = machine => machine.EnabledState == EnabledState.Running,
            Judge = now => now.Power switch
            {
                EnabledState.Off => StateVerdict.Done,
                EnabledState.Running or EnabledState.Stopping or EnabledState.ForceShutdown => StateVerdict.InProgress,
                _ => StateVerdict.Undecided,
            },
            CallAsync = (on, token) => on.Calls.ShutDownGuestAsync(on.Id, on.Order.Force, "Planned failover to the primary site", token),
            Missing = "the machine has no shutdown component: its guest has no integration services, or they do not answer",
        },
        new()
        {
            Name = "turn-off",
            NeedsProof = true,
            Jobs = [JobType.PowerOffVirtualMachine],
            Needs = "running, paused or saved",
            Allows = machine => machine.EnabledState != EnabledState.Off,
            Judge = now => now.Power == EnabledState.Off ? StateVerdict.Done : StateVerdict.Undecided,
            CallAsync = async (on, token) => await on.Calls.TurnOffAsync(on.Id, token),
        },
        new()
        {
            Name = "become-replica",
            NeedsTicket = true,
            Jobs = [JobType.ReplicationStateChange],
            Needs = "off, and a primary or not replicated",
            Allows = machine => machine is { EnabledState: EnabledState.Off, ReplicationMode: ReplicationMode.Primary or ReplicationMode.None },
            Judge = now => Done(now.Mode == ReplicationMode.Replica),
            CallAsync = async (on, token) => await on.Calls.RequestReplicationStateAsync(on.Id, ReplicationState.WaitingToCompleteInitialReplication, token),
        },
        new()
        {
            Name = "commit-failover",
            Jobs = [JobType.CommitFailover],
            FurtherJobs = [JobType.MergeDisks],
            Needs = "a replica that was failed over (Recovered)",
            Allows = machine => machine is { ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, ReplicationState: ReplicationState.Recovered },
            Judge = now => Done(now.State == ReplicationState.Committed),
            CallAsync = async (on, token) => await on.Calls.CommitFailoverAsync(on.Id, token),
        },
        new()
        {
            Name = "reverse-replication",
            NeedsTicket = true,
            Jobs = [JobType.ReverseReplication],
            Needs = "a replica that was failed over (Recovered or Committed), with replication settings",
            Allows = machine => machine is
            {
                ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica,
                ReplicationState: ReplicationState.Recovered or ReplicationState.Committed,
                ReplicationSettings: not null,
            },
            Judge = now => Done(now.Mode == ReplicationMode.Primary),
            CallAsync = async (on, token) => await on.Calls.ReverseReplicationAsync(on.Id, ReversedSettings(on), token),
        },
        new()
        {
            Name = "start-replication",
            Lane = OperationLane.Data,
            NeedsProof = true,
            Jobs = [JobType.StartNetworkInitialReplication, JobType.StartResynchronizeInitialReplication],
            FurtherJobs = [JobType.SendingInitialReplica, JobType.SendingDelta, JobType.ReceivingDelta, JobType.Resynchronizing],
            Needs = "a primary that is ready for its first copy (Ready)",
            Allows = machine => machine is { ReplicationMode: ReplicationMode.Primary, ReplicationState: ReplicationState.Ready },
            Judge = Copied,
            CallAsync = async (on, token) => await on.Calls.StartReplicationAsync(on.Id, on.Order.InitialCopy, exportFolder: null, token),
        },
        new()
        {
            Name = "resume-replication",
            Jobs = [JobType.ReplicationStateChange],
            // Also a primary that replicates: that is how it is told to reach a replica that is critical.
            Needs = "replication that is paused, critical or running (Suspended, Critical, ResynchronizeSuspended, UpdateCritical, Replicating)",
            Allows = machine => machine.ReplicationState is ReplicationState.Suspended or ReplicationState.Critical or ReplicationState.ResynchronizeSuspended
                or ReplicationState.UpdateCritical or ReplicationState.Replicating,
            Judge = now => Done(now.State is ReplicationState.Replicating or ReplicationState.Resynchronizing),
            CallAsync = async (on, token) => await on.Calls.RequestReplicationStateAsync(on.Id, ReplicationState.Replicating, token),
        },
        new()
        {
            Name = "resynchronize",
            Lane = OperationLane.Data,
            NeedsTicket = true,
            NeedsProof = true,
            Jobs = [JobType.Resynchronizing],
            FurtherJobs = [JobType.Resynchronizing, JobType.SendingDelta, JobType.ReceivingDelta],
            Needs = "a primary that waits for a resynchronization or is critical",
            Allows = machine => machine is
            {
                ReplicationMode: ReplicationMode.Primary,
                ReplicationState: ReplicationState.WaitingForStartResynchronize or ReplicationState.ResynchronizeSuspended or ReplicationState.Critical,
            },
            Judge = Copied,
            CallAsync = async (on, token) => await on.Calls.ResynchronizeAsync(on.Id, token),
        },
        new()
        {
            Name = "prepare-planned-failover",
            Jobs = [JobType.InitiateSyncedReplication, JobType.ReplicationStateChange],
            FurtherJobs = [JobType.SendingDelta],
            Needs = "off, and a primary that replicates (Replicating)",
            Allows = machine => machine is { EnabledState: EnabledState.Off, ReplicationMode: ReplicationMode.Primary, ReplicationState: ReplicationState.Replicating },
            Judge = now => Done(now.State == ReplicationState.SyncedReplicationComplete),
            CallAsync = async (on, token) => await on.Calls.RequestReplicationStateAsync(on.Id, ReplicationState.SyncedReplicationComplete, token),
        },
        new()
        {
            Name = "fail-over",
            NeedsTicket = true,
            WorksOnlyInJobs = true,
            Jobs = [JobType.InitiateFailover],
            Needs = "off, and a replica that has received something and is not failed over",
            Allows = machine => machine is { EnabledState: EnabledState.Off, ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica }
                && machine.ReplicationState is not (ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.RecoveryInProgress or ReplicationState.WaitingToCompleteInitialReplication),
            Judge = now => now.State switch
            {
                ReplicationState.Recovered => StateVerdict.Done,
                ReplicationState.RecoveryInProgress => StateVerdict.InProgress,
                _ => StateVerdict.Undecided,
            },
            CallAsync = async (on, token) => await on.Calls.InitiateFailoverAsync(on.Id, await PointAsync(on, token), token),
        },
        new()
        {
            Name = "start-machine",
            NeedsTicket = true,
            TestMachineNeedsNoTicket = true,
            NeedsProof = true,
            Jobs = [JobType.StartVirtualMachine],
            Needs = "off, and not a replica that still receives nor a primary that was prepared for a failover",
            Allows = machine => machine.EnabledState == EnabledState.Off && machine.ReplicationMode switch
            {
                ReplicationMode.None => true,
                ReplicationMode.Primary => machine.ReplicationState != ReplicationState.SyncedReplicationComplete,
                ReplicationMode.Replica or ReplicationMode.ExtendedReplica => machine.ReplicationState is ReplicationState.Recovered or ReplicationState.Committed,
                ReplicationMode.TestReplica => true,
                _ => false,
            },
            Judge = now => now.Power switch
            {
                EnabledState.Running => StateVerdict.Done,
                EnabledState.Starting => StateVerdict.InProgress,
                _ => StateVerdict.Undecided,
            },
            CallAsync = async (on, token) => await on.Calls.StartMachineAsync(on.Id, token),
        },
        new()
        {
            Name = "cancel-planned-failover",
            NeedsTicket = true,
            Jobs = [JobType.CancelSyncedReplication, JobType.RevertFailover],
            Needs = "off, and a primary that was prepared for a failover (SyncedReplicationComplete)",
            Allows = machine => machine is { EnabledState: EnabledState.Off, ReplicationMode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete },
            Judge = now => Done(now is { Mode: ReplicationMode.Primary, State: not ReplicationState.SyncedReplicationComplete }),
            CallAsync = async (on, token) => await on.Calls.RevertFailoverAsync(on.Id, token),
        },
        new()
        {
            Name = "revert-failover",
            NeedsTicket = true,
            Jobs = [JobType.RevertFailover],
            // The host turns a running machine off for it, hard.
            Needs = "off, and a replica that was failed over and not committed (Recovered, RecoveryInProgress)",
            Allows = machine => machine is
            {
                EnabledState: EnabledState.Off,
                ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica,
                ReplicationState: ReplicationState.Recovered or ReplicationState.RecoveryInProgress,
            },
            Judge = now => Done(now is { Mode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, State: not (ReplicationState.Recovered or ReplicationState.RecoveryInProgress or ReplicationState.Committed) }),
            CallAsync = async (on, token) => await on.Calls.RevertFailoverAsync(on.Id, token),
        },
        new()
        {
            Name = "restore-settings",
            IsRepeatable = true,
            Jobs = [JobType.ModifyReplicationRelationship],
            Needs = "a primary with replication settings",
            Allows = machine => machine is { ReplicationMode: ReplicationMode.Primary, ReplicationSettings: not null },
            Judge = _ => StateVerdict.Undecided,
            CallAsync = async (on, token) => await on.Calls.ModifySettingsAsync(on.Id, Settings(on).ToEmbeddedText(), token),
        },
        new()
        {
            Name = "test-connection",
            IsRepeatable = true,
            Jobs = [JobType.TestReplicationConnection],
            Needs = "replication settings that name the other host",
            Allows = machine => Connection(machine) is not null,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = async (on, token) => await on.Host.TestReplicationConnectionAsync(Connection(on.Machine)!, token),
        },
        new()
        {
            Name = "test-failover",
            MakesTestMachine = true,
            Jobs = [JobType.InitiateTestReplica],
            Needs = "off, and a replica that receives (Replicating, Suspended or Critical)",
            Allows = machine => machine is
            {
                EnabledState: EnabledState.Off,
                ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica,
                ReplicationState: ReplicationState.Replicating or ReplicationState.Suspended or ReplicationState.Critical,
            },
            Judge = _ => StateVerdict.Undecided,
            CallAsync = async (on, token) => await on.Calls.TestFailoverAsync(on.Id, await PointAsync(on, token), token),
        },
        new()
        {
            Name = "end-test-failover",
            Jobs = [JobType.RemoveTestReplica],
            Needs = "a replica",
            Allows = machine => machine.ReplicationMode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => DestroyTestMachineAsync(on, token),
            Missing = "the machine to remove is not one that a test failover of this agent made of this replica, or the host no longer shows it as one; others are removed in Hyper-V Manager",
        },
        new()
        {
            Name = "connect-network",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "off or running",
            Allows = machine => machine.EnabledState is EnabledState.Off or EnabledState.Running,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Host.Networks.ConnectAsync(on.Id, on.Order.NetworkAdapter!, on.Order.VirtualSwitch, token),
            ContradictionAsync = async (host, order, token) => (await AdapterAsync(host, order, token)).Switch is var shown
                && string.Equals(shown, order.VirtualSwitch, StringComparison.OrdinalIgnoreCase) ? null
                : $"network adapter '{order.NetworkAdapter}' is {(shown is null ? "not connected" : $"connected to '{shown}'")}, not {(order.VirtualSwitch is null ? "disconnected" : $"connected to '{order.VirtualSwitch}'")}",
        },
        new()
        {
            Name = "set-adapter-vlan",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "off or running",
            Allows = machine => machine.EnabledState is EnabledState.Off or EnabledState.Running,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Host.AdapterPorts.SetVlanAsync(on.Id, on.Order.NetworkAdapter!, on.Order.AccessVlan, token),
            ContradictionAsync = async (host, order, token) => (await AdapterAsync(host, order, token)).Vlan is var shown && shown == AdapterVlan.Access(order.AccessVlan) ? null
                : $"the VLAN of network adapter '{order.NetworkAdapter}' is {shown ?? "not shown"}, not {AdapterVlan.Access(order.AccessVlan)}",
        },
        new()
        {
            Name = "set-adapter-mac",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "off",
            Allows = machine => machine.EnabledState == EnabledState.Off,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Host.AdapterPorts.SetMacAsync(on.Id, on.Order.NetworkAdapter!, on.Order.MacAddress!, token),
            ContradictionAsync = async (host, order, token) => await AdapterAsync(host, order, token) is var shown && shown.HasStaticMac == true && shown.MacAddress == order.MacAddress ? null
                : $"network adapter '{order.NetworkAdapter}' has the {(shown.HasStaticMac == true ? "static" : "dynamic")} MAC address {shown.MacAddress ?? "none"}, not the static one {order.MacAddress}",
        },
        new()
        {
            Name = "delay-startup",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "any state",
            Allows = _ => true,
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Calls.SetStartupDelayAsync(on.Id, ShortestStartupDelay, token),
            ContradictionAsync = async (host, order, token) => (await host.Failover.ReadStartupAsync(order.VirtualMachine, token))?.Delay switch
            {
                null => "the host no longer has it",
                { } delay when delay < ShortestStartupDelay => $"its startup delay is {delay.TotalSeconds:0} s, not at least {ShortestStartupDelay.TotalSeconds:0} s",
                _ => null,
            },
        },
        new()
        {
            Name = "set-failover-network",
            IsRepeatable = true,
            Jobs = [JobType.ModifyVirtualMachine],
            Needs = "a replica that is not failed over",
            Allows = machine => machine.ReplicationMode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica
                && machine.ReplicationState is not (ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.RecoveryInProgress),
            Judge = _ => StateVerdict.Undecided,
            CallAsync = (on, token) => on.Host.FailoverNetworks.SetAsync(on.Id, on.Order.FailoverAdapters, token),
            ContradictionAsync = async (host, order, token) =>
            {
                var adapters = await host.Networks.ListAsync(order.VirtualMachine, token);
                return order.FailoverAdapters
                    .Select(wanted => (Wanted: wanted, Shown: adapters.First(adapter => adapter.Id == NetworkCalls.Find(wanted.Adapter, [.. adapters.Select(one => (one.Id, one.Name))])).AfterFailover))
                    .Where(pair => pair.Shown != pair.Wanted.Addresses)
                    .Select(pair => $"network adapter '{pair.Wanted.Adapter}' has {pair.Shown?.ToString() ?? "nothing"} for a failover, not {pair.Wanted.Addresses}")
                    .FirstOrDefault();
            },
        },
    ];

    private static async Task<MachineAdapter> AdapterAsync(HyperV.HyperVHost host, StepOrder order, CancellationToken cancellationToken)
    {
        var adapters = await host.Networks.ListAsync(order.VirtualMachine, cancellationToken);
        var id = NetworkCalls.Find(order.NetworkAdapter!, [.. adapters.Select(adapter => (adapter.Id, adapter.Name))]);
        return adapters.First(adapter => adapter.Id == id);
    }

    private static StateVerdict Done(bool done) => done ? StateVerdict.Done : StateVerdict.Undecided;

    private static StateVerdict Copied(MachineShown now) => now.State switch
    {
        ReplicationState.Replicating => StateVerdict.Done,
        ReplicationState.WaitingToCompleteInitialReplication or ReplicationState.Resynchronizing => StateVerdict.InProgress,
        _ => StateVerdict.Undecided,
    };

    private static ReplicationSettingData Settings(StepTarget on)
    {
        var own = on.Machine.ReplicationSettings ?? throw new InvalidOperationException($"Machine {on.Id} has no replication settings.");
        return on.Order.Settings is { } overrides ? own.With(overrides) : own;
    }

    // The stored connection is that to the present recovery server, which is this host: without another word the primary side becomes the recovery server.
    private static string ReversedSettings(StepTarget on)
    {
        var settings = Settings(on);
        return (on.Order.Settings?.RecoveryConnectionPoint is null && settings.PrimaryConnectionPoint is { Length: > 0 } primary
            ? settings.With(new ReplicationSettingOverrides { RecoveryConnectionPoint = primary })
            : settings).ToEmbeddedText();
    }

    private static ReplicaConnection? Connection(VirtualMachine machine) => machine.ReplicationSettings is not { } settings ? null
        : machine.ReplicationMode == ReplicationMode.Primary
            ? settings is { RecoveryConnectionPoint: { Length: > 0 } name, RecoveryServerPortNumber: > 0 and { } port, AuthenticationType: { } authentication }
                ? new ReplicaConnection(name, port, authentication, settings.CertificateThumbPrint, settings.BypassProxyServer ?? false)
                : null
            : ReplicaConnection.ToPrimary(settings);

    private static async Task<HyperV.Cim.CimObjectPath?> PointAsync(StepTarget on, CancellationToken cancellationToken)
    {
        var points = await on.Host.ListRecoveryPointsAsync(on.Id, cancellationToken);
        return on.Order.RecoveryPointIdentifier is { } identifier
            ? (points.FirstOrDefault(point => point.Identifier == identifier) ?? throw new RecoveryPointMissingException(identifier)).Path
            // The point of a planned failover is named where it is listed. An older one is never taken for the latest.
            : points is [{ Type: HyperV.RecoveryPoints.RecoveryPointType.PlannedFailover } newest, ..] ? newest.Path : null;
    }

    // The host removes whatever it is told to: only what a test failover has recorded, and what it shows as this replica's test machine and as nothing else, is named to it.
    private static async Task<ServiceAnswer?> DestroyTestMachineAsync(StepTarget on, CancellationToken cancellationToken)
    {
        var reading = await on.Host.ReadMachineAsync(on.Id, cancellationToken);
        return on.Order.TestMachine is { } test && test != on.Id && reading.TestMachines.Contains(test)
            && await on.Records.IsMadeOfAsync(on.Id, test, cancellationToken)
            && await on.Host.FindVirtualMachineAsync(test, cancellationToken) is { ReplicationMode: ReplicationMode.TestReplica }
            ? await on.Calls.DestroyMachineAsync(test, cancellationToken)
            : null;
    }
}
