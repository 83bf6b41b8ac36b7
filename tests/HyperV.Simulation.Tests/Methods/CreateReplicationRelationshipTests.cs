using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class CreateReplicationRelationshipTests
{
    private static readonly SimulatedVirtualMachineDescription NotReplicated = Stage.Machine() with { Mode = ReplicationMode.None, State = ReplicationState.Disabled };

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task A_machine_that_is_not_replicated_becomes_a_primary_with_these_settings(long compactAbove) => ServerSubject.ReopenAsync(
        HostOf(NotReplicated), compactAbove,
        async stage => await OperatorOf(stage).FinishAsync(CreateAsync(stage, ("RecoveryHistory", (ushort)7)), JobType.CreateReplicationRelationship),
        async stage =>
        {
            var machine = await OperatorOf(stage).SeeAsync();
            machine.ReplicationMode.ShouldBe(ReplicationMode.Primary);
            machine.ReplicationState.ShouldBe(ReplicationState.Ready);
            machine.ReplicationSettings!.RecoveryConnectionPoint.ShouldBe("replica.example");
            machine.ReplicationSettings.RecoveryServerPortNumber.ShouldBe(80);
            machine.ReplicationSettings.RecoveryHistory.ShouldBe(7);
            machine.Relationship!.LastReplicationTime.ShouldBeNull("nothing has been sent");
            await OperatorOf(stage).FinishAsync(
                OperatorOf(stage).ServiceAsync("StartReplication", ("InitialReplicationType", (ushort)1)), JobType.StartNetworkInitialReplication);
            (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
        });

    [Fact]
    public async Task What_was_set_goes_with_the_relationship()
    {
        await using var stage = await Stage.OpenAsync(HostOf(NotReplicated));
        await OperatorOf(stage).FinishAsync(CreateAsync(stage, ("RecoveryHistory", (ushort)7)), JobType.CreateReplicationRelationship);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("RemoveReplicationRelationship"), JobType.RemoveReplicationRelationship);
        await OperatorOf(stage).FinishAsync(CreateAsync(stage), JobType.CreateReplicationRelationship);
        (await OperatorOf(stage).SeeAsync()).ReplicationSettings!.RecoveryHistory.ShouldBe(4);
    }

    [Fact]
    public async Task A_replica_is_replicated_further_once()
    {
        await using var stage = await Stage.OpenAsync(HostOf(Stage.Machine() with { State = ReplicationState.Replicating }));
        await Operator.RefusedAsync(CreateAsync(stage, ("ReplicationInterval", (ushort)30)), ReturnCode.InvalidParameter);
        await OperatorOf(stage).FinishAsync(CreateAsync(stage, ("ReplicationInterval", (ushort)900)), JobType.CreateReplicationRelationship);
        var machine = await OperatorOf(stage).SeeAsync();
        machine.ExtendedRelationship!.State.ShouldBe(ReplicationState.Ready);
        ReplicationSettingData.Parse(await OperatorOf(stage).SettingsAsync(extended: true)).ReplicationInterval.ShouldBe(TimeSpan.FromSeconds(900));
        machine.ReplicationSettings!.ReplicationInterval.ShouldBe(TimeSpan.FromSeconds(300));
        await Operator.RefusedAsync(CreateAsync(stage), ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData(ReplicationMode.Primary, ReplicationState.Replicating)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Recovered)]
    [InlineData(ReplicationMode.ExtendedReplica, ReplicationState.Replicating)]
    public async Task Any_other_machine_is_refused(ReplicationMode mode, ReplicationState state)
    {
        await using var stage = await Stage.OpenAsync(HostOf(Stage.Machine() with { Mode = mode, State = state }));
        await Operator.RefusedAsync(CreateAsync(stage), ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData("RecoveryConnectionPoint")]
    [InlineData("RecoveryServerPortNumber")]
    [InlineData("AuthenticationType")]
    [InlineData("VirtualSystemIdentifier")]
    public async Task The_in_box_provider_must_be_told_how_the_other_side_is_reached(string left)
    {
        await using var stage = await Stage.OpenAsync(HostOf(NotReplicated));
        await Operator.RefusedAsync(CreateAsync(stage, (left, null)), ReturnCode.InvalidParameter);
    }

    [Fact]
    public async Task An_external_provider_need_not_be_told()
    {
        await using var stage = await Stage.OpenAsync(HostOf(NotReplicated) with { Provider = ReplicationProviderKind.External });
        await OperatorOf(stage).FinishAsync(
            CreateAsync(stage, ("RecoveryConnectionPoint", null), ("RecoveryServerPortNumber", null), ("AuthenticationType", null)), JobType.CreateReplicationRelationship);
    }

    [Fact]
    public async Task Nothing_is_made_while_the_other_side_is_out_of_reach()
    {
        await using var stage = await Stage.OpenAsync(HostOf(NotReplicated) with { PrimarySiteReachable = false });
        await Operator.RefusedAsync(CreateAsync(stage), ReturnCode.SystemNotAvailable);
    }

    private static SimulatedHostDescription HostOf(SimulatedVirtualMachineDescription machine) => Stage.HostOf(machine) with { Provider = ReplicationProviderKind.InBox };

    private static Operator OperatorOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static Task<CimMethodResult> CreateAsync(Stage stage, params (string Name, object? Value)[] changes)
    {
        var properties = new Dictionary<string, object?>
        {
            ["VirtualSystemIdentifier"] = OperatorOf(stage).Id.ToString(),
            ["RecoveryConnectionPoint"] = "replica.example",
            ["RecoveryServerPortNumber"] = (ushort)80,
            ["AuthenticationType"] = (ushort)1,
        };
        foreach (var (name, value) in changes)
        {
            properties[name] = value;
        }

        return OperatorOf(stage).ServiceAsync(
            "CreateReplicationRelationship",
            ("ReplicationSettingData", ServerSubject.Text(ReplicationSettingData.ClassName, properties.Select(property => (property.Key, property.Value)))));
    }
}
