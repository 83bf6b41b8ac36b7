using System.Net;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Wine.Harness.Served;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The calls that move a machine between two hosts, over the adapter: their arguments arrive, and what they do is read back past it.</summary>
internal class FailoverCases : ServedCases
{
    private ICimSession? _session;

    protected FailoverCalls Calls => new(_session!);

    protected HyperVHost Here => new(_session!, TimeProvider.System);

    protected HyperVHost There => new(Served.Simulated, TimeProvider.System);

    protected VirtualMachineId Id => new(Served.MachineId);

    // Each case opens the host with the machine in the state that it needs.
    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task Recovery_side_is_reversed_prepared_and_taken_back()
    {
        await OpenAsync(machine => machine with { PeerState = ReplicationState.SyncedReplicationComplete });
        var settings = (await There.GetReplicationSettingsAsync(Id, Token)).ShouldNotBeNull().ToEmbeddedText();

        await EndsAsync(await Calls.ReverseReplicationAsync(Id, settings, Token));
        await SeesAsync(ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Off);
        await EndsAsync(await Calls.RequestReplicationStateAsync(Id, ReplicationState.SyncedReplicationComplete, Token));
        (await Calls.StartMachineAsync(Id, Token)).Code.ShouldBe(ReturnCode.InvalidState);
        await EndsAsync(await Calls.RevertFailoverAsync(Id, Token));
        await EndsAsync(await Calls.StartMachineAsync(Id, Token));
        await SeesAsync(ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Running);
        await EndsAsync(await Calls.TurnOffAsync(Id, Token));
        await SeesAsync(ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Off);
    }

    [Fact]
    public async Task Replica_is_failed_over_to_a_point_reverted_and_committed()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Replicating });
        var point = (await There.ListRecoveryPointsAsync(Id, Token))[0];

        await EndsAsync(await Calls.InitiateFailoverAsync(Id, CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", point.Identifier, HyperVClasses.Namespace), Token));
        await EndsAsync(await Calls.RevertFailoverAsync(Id, Token));
        await EndsAsync(await Calls.InitiateFailoverAsync(Id, point: null, Token));
        await EndsAsync(await Calls.CommitFailoverAsync(Id, Token));
        await SeesAsync(ReplicationMode.Replica, ReplicationState.Committed, EnabledState.Off);
    }

    [Fact]
    public async Task Test_machine_is_made_and_destroyed()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Replicating });

        await EndsAsync(await Calls.TestFailoverAsync(Id, point: null, Token));
        var clone = (await There.ListVirtualMachinesAsync(Token)).Single(machine => machine.ReplicationMode is ReplicationMode.TestReplica);
        await EndsAsync(await Calls.DestroyMachineAsync(clone.Id, Token));

        (await There.FindVirtualMachineAsync(clone.Id, Token)).ShouldBeNull();
        (await There.FindVirtualMachineAsync(Id, Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Old_primary_becomes_a_replica()
    {
        await OpenAsync(machine => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize });

        await EndsAsync(await Calls.RequestReplicationStateAsync(Id, ReplicationState.WaitingToCompleteInitialReplication, Token));

        await SeesAsync(ReplicationMode.Replica, ReplicationState.WaitingToCompleteInitialReplication, EnabledState.Off);
    }

    [Theory]
    [InlineData(InitialReplicationType.Network, null)]
    [InlineData(InitialReplicationType.Seeded, null)]
    [InlineData(InitialReplicationType.Export, @"D:\Export")]
    public async Task First_copy_starts(InitialReplicationType type, string? folder)
    {
        await OpenAsync(machine => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Ready });

        (await Calls.StartReplicationAsync(Id, type, folder, Token)).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task Relationship_is_resynchronized_changed_removed_and_made_anew()
    {
        await OpenAsync(machine => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize });
        var settings = (await There.GetReplicationSettingsAsync(Id, Token)).ShouldNotBeNull();

        await EndsAsync(await Calls.ResynchronizeAsync(Id, Token));
        await EndsAsync(await Calls.ModifySettingsAsync(Id, settings.With(new ReplicationSettingOverrides { RecoveryHistory = 7 }).ToEmbeddedText(), Token));
        (await There.GetReplicationSettingsAsync(Id, Token)).ShouldNotBeNull().RecoveryHistory.ShouldBe(7);
        await EndsAsync(await Calls.RemoveRelationshipAsync(new ReplicationInstanceId(Id, IsExtended: false), Token));
        (await There.FindVirtualMachineAsync(Id, Token)).ShouldNotBeNull().ReplicationMode.ShouldBe(ReplicationMode.None);
        await EndsAsync(await Calls.CreateRelationshipAsync(Id, settings.ToEmbeddedText(), Token));
        await SeesAsync(ReplicationMode.Primary, ReplicationState.Ready, EnabledState.Off);
    }

    [Fact]
    public async Task Startup_action_is_set_and_read_back()
    {
        await OpenAsync(machine => machine);

        (await Calls.ReadStartupActionAsync(Id, Token)).ShouldBe(StartupAction.None);
        await EndsAsync((await Calls.SetStartupActionAsync(Id, StartupAction.Always, Token)).ShouldNotBeNull());
        (await Calls.ReadStartupActionAsync(Id, Token)).ShouldBe(StartupAction.Always);
        (await Calls.SetStartupActionAsync(Id, (StartupAction)7, Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.InvalidParameter);
    }

    [Fact]
    public async Task Startup_delay_is_set_and_read_back_and_keeps_the_action()
    {
        await OpenAsync(machine => machine with { StartupAction = StartupAction.Always });

        await EndsAsync((await Calls.SetStartupDelayAsync(Id, TimeSpan.FromMinutes(3), Token)).ShouldNotBeNull());

        (await Calls.ReadStartupAsync(Id, Token)).ShouldBe(new MachineStartup(StartupAction.Always, TimeSpan.FromMinutes(3)));
        (await Here.ListStartupsAsync(Token)).ShouldContain(one => one.Machine.Id == Id && one.Startup.Delay == TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Machines_are_read_at_once_as_they_are_read_one_by_one()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Recovered, Power = EnabledState.Running });

        var one = (await Here.ListMachineReadingsAsync(Token)).ShouldHaveSingleItem().Machine.ShouldNotBeNull();

        one.Id.ShouldBe(Id);
        (one.ReplicationMode, one.ReplicationState, one.EnabledState).ShouldBe((ReplicationMode.Replica, ReplicationState.Recovered, EnabledState.Running));
    }

    [Fact]
    public async Task Switch_is_described_by_its_ports()
    {
        await OpenAsync(machine => machine);

        (await Here.Networks.DescribeSwitchAsync("vSwitch", Token)).Kind.ShouldBe(SwitchKind.External);
        (await Here.Networks.DescribeSwitchAsync("no such switch", Token)).Kind.ShouldBe(SwitchKind.Unspecified);
    }

    [Fact]
    public async Task Refusal_is_the_methods_own_code_and_starts_nothing()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Replicating });

        var refused = await Calls.CommitFailoverAsync(Id, Token);

        (refused.Code, refused.Job).ShouldBe((ReturnCode.InvalidState, null));
        await SeesAsync(ReplicationMode.Replica, ReplicationState.Replicating, EnabledState.Off);
    }

    [Fact]
    public async Task Machine_that_the_host_does_not_have_is_not_called()
    {
        await OpenAsync(machine => machine);
        var other = new VirtualMachineId(new Guid("99999999-0000-4000-8000-000000000009"));

        (await Calls.ReadStartupActionAsync(other, Token)).ShouldBeNull();
        (await Calls.SetStartupActionAsync(other, StartupAction.None, Token)).ShouldBeNull();
        (await Calls.ShutDownGuestAsync(Id, force: false, "it is off", Token)).ShouldBeNull();
    }

    /// <summary>An answer that is lost on the way back leaves the call's effect: the caller reads the machine and does not call again.</summary>
    [Fact]
    public async Task Call_whose_answer_is_lost_has_taken_effect()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Recovered });
        Served.Namespace.Interference = (station, _) => station is Station.MethodAnswer ? CimErrorCode.RpcCallFailed : WbemOk;

        await Should.ThrowAsync<CimException>(() => Calls.CommitFailoverAsync(Id, Token));

        Served.Pass(TimeSpan.FromHours(1));
        await SeesAsync(ReplicationMode.Replica, ReplicationState.Committed, EnabledState.Off);
    }

    private const uint WbemOk = 0;

    protected async Task OpenAsync(Func<SimulatedVirtualMachineDescription, SimulatedVirtualMachineDescription> change)
    {
        var basis = ServedHost.Description;
        Use(await ServedHost.OpenAsync(basis with { Provider = ReplicationProviderKind.InBox, VirtualMachines = [change(basis.VirtualMachines[0])] }, Token));
        _session = await ConnectAsync();
    }

    protected async Task SeesAsync(ReplicationMode mode, ReplicationState state, EnabledState power)
    {
        var machine = (await There.FindVirtualMachineAsync(Id, Token)).ShouldNotBeNull();
        (machine.ReplicationMode, machine.ReplicationState, machine.EnabledState).ShouldBe((mode, state, power));
    }

    // The job is read over the adapter as well.
    protected async Task EndsAsync(ServiceAnswer answer)
    {
        answer.Code.ShouldBe(ReturnCode.JobStarted);
        for (var look = 0; look < 1000; look++)
        {
            if (await Here.GetJobAsync(answer.Job.ShouldNotBeNull(), Token) is not { } job)
            {
                Assert.Fail("The job is gone before its end was read.");
                return;
            }

            if (job.IsTerminal)
            {
                job.Verdict.ShouldBe(JobVerdict.Succeeded);
                return;
            }

            Served.Pass(TimeSpan.FromSeconds(30));
        }

        Assert.Fail("The job does not end.");
    }
}

/// <summary>
/// The same with the guest's shutdown, over the Management Infrastructure: System.Management uses Wine's path object, which takes the last colon of a path for
/// the end of the namespace, and the component's key has one.
/// </summary>
internal sealed class FailoverAndGuestCases : FailoverCases
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Guest_is_asked_to_shut_down(bool force)
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Recovered, Power = EnabledState.Running });

        var asked = (await Calls.ShutDownGuestAsync(Id, force, "planned failover home", Token)).ShouldNotBeNull();

        (asked.Code, asked.Job).ShouldBe((ReturnCode.Completed, null));
        Served.Pass(TimeSpan.FromSeconds(30));
        await SeesAsync(ReplicationMode.Replica, ReplicationState.Recovered, EnabledState.Off);
    }

    // As above: the ids of adapters have a colon too.
    [Fact]
    public async Task Adapter_is_connected_and_disconnected_and_its_guest_gets_addresses_after_a_failover()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Replicating });
        var adapter = (await Here.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem();
        var wanted = new FailoverAddresses(Dhcp: false, [new IPNetworkAddress(IPAddress.Parse("10.0.0.7"), 24)], [IPAddress.Parse("10.0.0.1")], [IPAddress.Parse("10.0.0.53")]);

        await EndsAsync((await Here.FailoverNetworks.SetAsync(Id, [(adapter.Id, wanted)], Token)).ShouldNotBeNull());
        await EndsAsync((await Here.Networks.ConnectAsync(Id, adapter.Id, switchName: null, Token)).ShouldNotBeNull());

        var there = (await There.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem();
        (there.Switch, there.AfterFailover).ShouldBe((null, wanted));
        (await Here.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem().AfterFailover.ShouldBe(wanted);
        await EndsAsync((await Here.Networks.ConnectAsync(Id, adapter.Id, "vSwitch", Token)).ShouldNotBeNull());
        (await There.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem().Switch.ShouldBe("vSwitch");
    }

    [Fact]
    public async Task Adapter_gets_a_vlan_and_a_static_address()
    {
        await OpenAsync(machine => machine with { State = ReplicationState.Replicating });
        var before = (await There.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem();
        (before.Vlan, before.HasStaticMac).ShouldBe((AdapterVlan.Untagged, false));
        before.MacAddress.ShouldNotBeNull().ShouldStartWith("00155D");

        await EndsAsync((await Here.AdapterPorts.SetVlanAsync(Id, before.Id, 120, Token)).ShouldNotBeNull());
        (await There.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem().Vlan.ShouldBe("access 120");
        await EndsAsync((await Here.AdapterPorts.SetVlanAsync(Id, before.Id, AdapterVlan.NoId, Token)).ShouldNotBeNull());
        await EndsAsync((await Here.AdapterPorts.SetMacAsync(Id, before.Id, "00155D0A0B0C", Token)).ShouldNotBeNull());

        var after = (await There.Networks.ListAsync(Id, Token)).ShouldHaveSingleItem();
        (after.Vlan, after.HasStaticMac, after.MacAddress, after.Switch).ShouldBe((AdapterVlan.Untagged, true, "00155D0A0B0C", before.Switch));
        (await Here.AdapterPorts.SetVlanAsync(Id, before.Id, 4095, Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.InvalidParameter);
    }
}
