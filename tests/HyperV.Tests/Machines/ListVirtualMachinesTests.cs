using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Machines;

public sealed class ListVirtualMachinesTests
{
    private readonly ScriptedHost _script = new();

    private static VirtualMachineId Id(int n) => VirtualMachineId.Parse($"1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E{n:00}");

    [Fact]
    public async Task The_hosts_own_row_is_left_out_whatever_its_language()
        => (await _script.Host.ListVirtualMachinesAsync(CancellationToken.None)).ShouldBeEmpty();

    [Fact]
    public async Task Machines_come_by_name_and_then_id_with_what_was_read()
    {
        _script.AddMachine(new MachineScript { Id = Id(3), Name = "web-01", EnabledState = EnabledState.Running });
        _script.AddMachine(new MachineScript { Id = Id(2), Name = "App-01" });
        _script.AddMachine(new MachineScript { Id = Id(1), Name = "app-01", State = null, Mode = ReplicationMode.None });
        var machines = await _script.Host.ListVirtualMachinesAsync(CancellationToken.None);
        machines.Select(m => m.Id).ShouldBe([Id(1), Id(2), Id(3)]);
        machines[0].Relationship.ShouldBeNull();
        machines[0].ReplicationState.ShouldBe(ReplicationState.Disabled);
        machines[1].ReplicationState.ShouldBe(ReplicationState.Committed);
        machines[1].ReplicationHealth.ShouldBe(ReplicationHealth.Warning);
        machines[1].ReplicationSettings!.PrimaryConnectionPoint.ShouldBe("hv-east-01.contoso.test");
        machines[2].EnabledState.ShouldBe(EnabledState.Running);
    }

    [Fact]
    public async Task The_number_of_calls_does_not_grow_with_the_machines()
    {
        for (var n = 1; n <= 40; n++)
        {
            _script.AddMachine(new MachineScript { Id = Id(n), Name = $"vm-{n}" });
        }

        (await _script.Host.ListVirtualMachinesAsync(CancellationToken.None)).Count.ShouldBe(40);
        _script.Session.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task No_rows_at_all_is_access_denied_and_not_an_empty_host()
    {
        _script.Session.Remove(ScriptedHost.SystemPath(ScriptedHost.Name));
        var refusal = await Should.ThrowAsync<CimException>(() => _script.Host.ListVirtualMachinesAsync(CancellationToken.None));
        refusal.ErrorCode.ShouldBe(CimErrorCode.AccessDenied);
        refusal.Message.ShouldContain("Hyper-V Administrators");
    }

    [Fact]
    public async Task Primary_and_extended_relationships_are_told_apart_by_their_suffix()
    {
        var id = _script.AddMachine(new MachineScript { State = ReplicationState.Recovered, Extended = true });
        foreach (var machine in new[]
        {
            (await _script.Host.ListVirtualMachinesAsync(CancellationToken.None)).ShouldHaveSingleItem(),
            (await _script.Host.FindVirtualMachineAsync(id, CancellationToken.None)).ShouldNotBeNull(),
        })
        {
            machine.Relationship!.State.ShouldBe(ReplicationState.Recovered);
            machine.ExtendedRelationship!.State.ShouldBe(ReplicationState.Replicating);
            machine.ExtendedRelationship.InstanceId.IsExtended.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Unpublished_numbers_survive()
    {
        _script.AddMachine(new MachineScript
        {
            EnabledState = (EnabledState)40001,
            State = (ReplicationState)99,
            Mode = (ReplicationMode)9,
            OperationalStatus = [11, 32774],
        });
        var machine = (await _script.Host.ListVirtualMachinesAsync(CancellationToken.None)).ShouldHaveSingleItem();
        ((int)machine.EnabledState).ShouldBe(40001);
        ((int)machine.ReplicationState).ShouldBe(99);
        ((int)machine.ReplicationMode).ShouldBe(9);
        machine.OperationalStatus.ShouldBe(OperationalStatus.InService);
        machine.OperationInProgress.ShouldBe(OperationalStatus.MigratingVirtualMachine);
    }

    [Fact]
    public async Task A_machine_that_is_not_here_is_null()
    {
        (await _script.Host.FindVirtualMachineAsync(Id(1), CancellationToken.None)).ShouldBeNull();
        (await _script.Host.GetReplicationSettingsAsync(Id(1), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_that_leaves_between_two_calls_is_null()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.Session.FailOn("Associators Msvm_SystemReplicationRelationship Msvm_ReplicationRelationship", CimErrorCode.NotFound);
        (await _script.Host.FindVirtualMachineAsync(id, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Any_other_failure_comes_through()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.Session.FailOn("Associators Msvm_SystemReplicationRelationship Msvm_ReplicationRelationship", CimErrorCode.AccessDenied);
        (await Should.ThrowAsync<CimException>(() => _script.Host.FindVirtualMachineAsync(id, CancellationToken.None)))
            .ErrorCode.ShouldBe(CimErrorCode.AccessDenied);
    }
}
