using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class SummaryInformationTests
{
    private static readonly uint[] Everything = [0, 1, 2, 3, 4, 100, 104, 109, 110, 111, 114, 115, 116, 118, 119, 122];

    [Fact]
    public async Task Many_machines_are_described_in_one_call()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine("a", 1) with { Extended = true, State = ReplicationState.Recovered, Health = ReplicationHealth.Warning },
            Stage.Machine("b", 2) with { Mode = ReplicationMode.None, State = ReplicationState.Disabled, Power = EnabledState.Running }) with
        {
            Provider = ReplicationProviderKind.InBox,
        });
        var summaries = await GetAsync(stage, settings: null, Everything);
        summaries.Count.ShouldBe(2);
        var replica = summaries[0];
        replica.ShouldSatisfyAllConditions(
            () => replica.ClassName.ShouldBe("Msvm_SummaryInformation"),
            () => replica["Name"].ShouldBe("00000001-0000-0000-0000-000000000001"),
            () => replica["ElementName"].ShouldBe("a"),
            () => replica["CreationTime"].ShouldBeOfType<DateTimeOffset>(),
            () => replica["EnabledState"].ShouldBe((ushort)EnabledState.Off),
            () => replica["Heartbeat"].ShouldBeNull(),
            () => replica["HealthState"].ShouldBe((ushort)5),
            () => replica["OperationalStatus"].ShouldBe(new ushort[] { 2 }),
            () => replica["ReplicationMode"].ShouldBe((ushort)ReplicationMode.Replica),
            () => replica["ReplicationState"].ShouldBe((ushort)ReplicationState.Recovered),
            () => replica["ReplicationHealth"].ShouldBe((ushort)ReplicationHealth.Warning),
            () => replica["ReplicationStateEx"].ShouldBe(new[] { (ushort)ReplicationState.Recovered, (ushort)ReplicationState.Replicating }),
            () => replica["ReplicationHealthEx"].ShouldBe(new[] { (ushort)ReplicationHealth.Warning, (ushort)ReplicationHealth.Ok }),
            () => replica["ReplicationProviderId"].ShouldBe(new[] { ReplicationProviderPath.InBoxProvider, ReplicationProviderPath.InBoxProvider }));
        summaries[1]["Heartbeat"].ShouldBe((ushort)2);
        summaries[1]["ReplicationStateEx"].ShouldBe(Array.Empty<ushort>());
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told_and_the_name()
    {
        await using var stage = await Stage.OpenAsync();
        (await GetAsync(stage, settings: null, 115)).ShouldHaveSingleItem().Properties.Keys.ShouldBe(["Name", "ReplicationState"], ignoreOrder: true);
        (await GetAsync(stage, settings: null, 105)).ShouldHaveSingleItem().Properties.Keys.ShouldBe(["Name"]);
    }

    [Fact]
    public async Task Machines_and_snapshots_are_named_by_their_settings_and_what_is_not_there_has_no_name()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("a", 1), Stage.Machine("b", 2)));
        var point = (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[1].Id), Stage.Token))[0];
        var summaries = await GetAsync(
            stage, [Settings("Microsoft:00000002-0000-0000-0000-000000000001"), Settings(point.Identifier), Settings("Microsoft:00000003-0000-0000-0000-000000000001")], 1, 2, 115);
        summaries.Select(summary => (string?)summary["Name"]).ShouldBe(["00000002-0000-0000-0000-000000000001", point.Identifier["Microsoft:".Length..], ""]);
        summaries[1]["CreationTime"].ShouldBe(point.Time);
        summaries[1]["ReplicationState"].ShouldBeNull("a snapshot has none");
    }

    [Theory]
    [InlineData(12u)]
    [InlineData(99u)]
    [InlineData(134u)]
    public async Task A_number_that_is_not_published_is_an_invalid_parameter(uint id)
    {
        await using var stage = await Stage.OpenAsync();
        (await CallAsync(stage, settings: null, new[] { id })).ReturnValue.ShouldBe((uint)ReturnCode.InvalidParameter);
        (await CallAsync(stage, settings: null, requested: null)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidParameter);
    }

    private static CimObjectPath Settings(string instanceId) => CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", instanceId);

    private static async Task<IReadOnlyList<CimInstance>> GetAsync(Stage stage, CimObjectPath[]? settings, params uint[] requested)
    {
        var result = await CallAsync(stage, settings, requested);
        result.ReturnValue.ShouldBe(0u);
        return result.Outputs["SummaryInformation"].ShouldBeOfType<CimInstance[]>();
    }

    private static async Task<CimMethodResult> CallAsync(Stage stage, CimObjectPath[]? settings, uint[]? requested)
    {
        var service = (await stage.Session.ListInstancesAsync("Msvm_VirtualSystemManagementService", [], Stage.Token)).ShouldHaveSingleItem();
        return await stage.Session.InvokeMethodAsync(
            service.Path!, "GetSummaryInformation",
            new Dictionary<string, object?> { ["SettingData"] = settings, ["RequestedInformation"] = requested }, Stage.Token);
    }
}
