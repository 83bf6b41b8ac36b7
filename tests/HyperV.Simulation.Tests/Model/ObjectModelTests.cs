using HostAgent.HyperV.Cim;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Model;

public sealed class ObjectModelTests
{
    [Fact]
    public async Task The_replication_service_has_its_fixed_values()
    {
        await using var stage = await Stage.OpenAsync();
        var service = (await stage.Session.ListInstancesAsync("CIM_Service", [], Stage.Token)).ShouldHaveSingleItem();
        service.ShouldSatisfyAllConditions(
            () => service["Name"].ShouldBe("replicasvc"),
            () => service["CreationClassName"].ShouldBe("Msvm_ReplicationService"),
            () => service["SystemCreationClassName"].ShouldBe("Msvm_ComputerSystem"),
            () => service["SystemName"].ShouldBe("hv-west-01"),
            () => service["Caption"].ShouldBe("Hyper-V Replica Service"),
            () => service["Description"].ShouldBe("Replication Service"),
            () => service["Status"].ShouldBe("OK"),
            () => service["HealthState"].ShouldBe((ushort)5),
            () => service["EnabledState"].ShouldBe((ushort)2),
            () => service["EnabledDefault"].ShouldBe((ushort)2),
            () => service["RequestedState"].ShouldBe((ushort)12),
            () => service["Started"].ShouldBe(true));
    }

    [Fact]
    public async Task The_host_describes_itself_through_the_agents_door()
    {
        await using var stage = await Stage.OpenAsync();
        var status = await stage.Door.DescribeAsync(Stage.Token);
        status.ReplicationServiceAvailable.ShouldBeTrue();
        (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem().Name.ShouldBe("sql-01");
    }

    [Fact]
    public async Task Settings_have_every_declared_property_and_survive_their_text()
    {
        await using var stage = await Stage.OpenAsync();
        var settings = (await stage.Door.GetReplicationSettingsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldNotBeNull();
        ReplicationSettingData.Declaration.Properties.Select(property => property.Name)
            .ShouldBeSubsetOf(settings.Instance.Properties.Keys);
        settings.InstanceId.ShouldEndWith(@"\HVR\0");
        settings.VirtualSystemType.ShouldBe("Microsoft:Hyper-V:Replica");
        settings.IsExternalProvider.ShouldBe(true);
        ReplicationSettingData.Parse(settings.ToEmbeddedText()).VirtualSystemIdentifier.ShouldBe(settings.VirtualSystemIdentifier);
    }

    [Fact]
    public async Task An_extended_replica_has_two_relationships_and_two_settings()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Extended = true }));
        var machine = (await stage.Door.FindVirtualMachineAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldNotBeNull();
        machine.Relationship.ShouldNotBeNull().InstanceId.IsExtended.ShouldBeFalse();
        machine.ExtendedRelationship.ShouldNotBeNull().State.ShouldBe(ReplicationState.Replicating);
        (await stage.Session.ListInstancesAsync("Msvm_ReplicationSettingData", [], Stage.Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_machine_without_replication_has_no_relationship()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.None, State = ReplicationState.Disabled }));
        (await stage.Session.ListInstancesAsync("Msvm_ReplicationRelationship", [], Stage.Token)).ShouldBeEmpty();
        (await stage.Door.GetReplicationSettingsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Recovery_points_are_hourly_up_to_the_last_replication()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { RecoveryHistory = 8, SinceLastReplication = TimeSpan.FromMinutes(90) }));
        var points = await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token);
        points.Select(point => point.Time).ShouldBe(Enumerable.Range(0, 8).Select(hour => Stage.Began.AddHours(-2 - hour)));
        points.Select(point => point.Type).ShouldBe(Enumerable.Range(0, 8).Select(age => age % 4 == 0 ? RecoveryPointType.ApplicationConsistent : RecoveryPointType.Standard));
        points.Select(point => point.Identifier).ShouldBeUnique();
    }

    [Fact]
    public async Task Without_history_there_is_no_recovery_point()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { RecoveryHistory = 0 }));
        (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_in_box_provider_is_told_by_its_identifier()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Provider = ReplicationProviderKind.InBox });
        (await stage.Session.ListInstancesAsync("Msvm_ReplicationProvider", [], Stage.Token)).ShouldHaveSingleItem()["Name"].ShouldBe(ReplicationProviderPath.InBoxProvider);
        (await stage.Door.GetReplicationSettingsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token))!.IsExternalProvider.ShouldBe(false);
    }

    [Fact]
    public async Task A_running_job_is_found_from_its_machine_and_its_machine_from_it()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        var id = stage.Host.Description.VirtualMachines[0].Id;
        (await stage.Door.ListJobsAsync(new(id), Stage.Token)).ShouldHaveSingleItem().Path.ShouldBe(path);
        var back = await stage.Session.ListAssociatorsAsync(path, "Msvm_AffectedJobElement", "CIM_ComputerSystem", Stage.Token);
        back.ShouldHaveSingleItem()["Name"].ShouldBe(id.ToString("D").ToUpperInvariant());
        (await stage.Session.ListAssociatorsAsync(path, "Msvm_OwningJobElement", "Msvm_ReplicationService", Stage.Token)).Count.ShouldBe(1);
        (await stage.Door.FindVirtualMachineAsync(new(id), Stage.Token))!.OperationalStatus.ShouldBe(VirtualMachines.OperationalStatus.InService);
    }

    [Fact]
    public async Task Every_listed_instance_is_found_at_its_own_path()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Extended = true }));
        await stage.StartAsync();
        foreach (var name in new[]
        {
            "Msvm_ComputerSystem", "Msvm_ReplicationService", "Msvm_ReplicationServiceSettingData", "Msvm_ReplicationProvider", "Msvm_ReplicationRelationship",
            "CIM_VirtualSystemSettingData", "CIM_ConcreteJob",
        })
        {
            foreach (var instance in await stage.Session.ListInstancesAsync(name, [], Stage.Token))
            {
                var text = CimObjectPath.Parse(instance.Path.ShouldNotBeNull().ToString());
                (await stage.Session.GetInstanceAsync(text, Stage.Token)).ShouldNotBeNull().Path.ShouldBe(instance.Path);
            }
        }
    }

    [Theory]
    [InlineData(@"\\hv-west-01\root\cimv2:Msvm_ConcreteJob.InstanceID=""X""", CimErrorCode.InvalidNamespace)]
    [InlineData(@"\\hv-east-09\root\virtualization\v2:Msvm_ConcreteJob.InstanceID=""X""", CimErrorCode.RpcServerUnavailable)]
    [InlineData(@"Msvm_NoSuchClass.InstanceID=""X""", CimErrorCode.InvalidClass)]
    public async Task Paths_that_lead_elsewhere_fail_with_their_own_error(string path, uint expected)
    {
        await using var stage = await Stage.OpenAsync();
        (await Should.ThrowAsync<CimException>(() => stage.Session.GetInstanceAsync(CimObjectPath.Parse(path), Stage.Token))).ErrorCode.ShouldBe(expected);
    }
}
