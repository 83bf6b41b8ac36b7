using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>The VLAN and the MAC address of network adapters.</summary>
public sealed class AdapterPortTests
{
    private const string VlanClass = "Msvm_EthernetSwitchPortVlanSettingData";

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task Vlan_and_static_address_are_read_back_and_outlive_the_process(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Stage.Machine() with { Power = EnabledState.Off, Adapters = [new() { Name = "front" }, new() { Name = "back", Vlan = 10, StaticMac = "00155d0a0b0c" }] }), compactAbove,
        async stage =>
        {
            var (front, back) = await ReadAsync(stage);
            (front.Vlan, front.HasStaticMac, back.Vlan, back.HasStaticMac, back.MacAddress).ShouldBe((AdapterVlan.Untagged, false, "access 10", true, "00155D0A0B0C"));
            await DoneAsync(stage, ports => ports.SetVlanAsync(IdOf(stage), front.Id, 120, Stage.Token));
            await DoneAsync(stage, ports => ports.SetVlanAsync(IdOf(stage), front.Id, 121, Stage.Token));
            await DoneAsync(stage, ports => ports.SetVlanAsync(IdOf(stage), "back", AdapterVlan.NoId, Stage.Token));
            await DoneAsync(stage, ports => ports.SetMacAsync(IdOf(stage), "front", "00155D010203", Stage.Token));
        },
        async stage =>
        {
            var (front, back) = await ReadAsync(stage);
            (front.Vlan, front.HasStaticMac, front.MacAddress, front.Switch).ShouldBe(("access 121", true, "00155D010203", "vSwitch"));
            (back.Vlan, back.HasStaticMac, back.MacAddress).ShouldBe((AdapterVlan.Untagged, true, "00155D0A0B0C"));
        });

    [Theory]
    [InlineData(EnabledState.Running)]
    [InlineData(EnabledState.Saved)]
    public async Task Address_changes_only_while_the_machine_is_off_and_the_vlan_also_while_it_runs(EnabledState power)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Power = power, Adapters = [new() { Name = "front" }, new()] }));

        (await Ports(stage).SetMacAsync(IdOf(stage), "front", "00155D010203", Stage.Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.InvalidState);

        await DoneAsync(stage, ports => ports.SetVlanAsync(IdOf(stage), "front", 5, Stage.Token));
        var (front, _) = await ReadAsync(stage);
        (front.Vlan, front.HasStaticMac).ShouldBe(("access 5", false));
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(65535)]
    public async Task Vlan_that_there_is_none_of_is_refused(int vlan)
    {
        await using var stage = await Stage.OpenAsync(Host());
        (await Ports(stage).SetVlanAsync(IdOf(stage), "front", vlan, Stage.Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.InvalidParameter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00155D01020")]
    [InlineData("00155D0102030")]
    [InlineData("00-15-5D-01-02-03")]
    [InlineData("000000000000")]
    [InlineData("01155D010203")]
    [InlineData("FFFFFFFFFFFF")]
    public async Task Text_that_is_no_address_of_an_adapter_is_refused(string address)
    {
        await using var stage = await Stage.OpenAsync(Host());
        (await Ports(stage).SetMacAsync(IdOf(stage), "front", address, Stage.Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.InvalidParameter);
    }

    [Fact]
    public async Task Setting_is_added_once_and_modified_where_there_is_one()
    {
        await using var stage = await Stage.OpenAsync(Host());
        var connection = (await ServerSubject.ListAsync(stage, "Msvm_EthernetPortAllocationSettingData")).First(one => one.GetString("Parent")?.Contains("Synthetic", StringComparison.Ordinal) == true);
        var definition = (await ServerSubject.ListAsync(stage, VlanClass)).ShouldHaveSingleItem();
        definition.GetString("InstanceID").ShouldBe(@"Microsoft:Definition\952C5004-4465-451C-8CB8-FA9AB382B773\Default");

        await Operator.RefusedAsync(ModifyAsync(Text(definition)), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(AddAsync(Text(definition, mode: 2)), ReturnCode.NotSupported);
        await Operator.RefusedAsync(AddAsync(ServerSubject.Text("Msvm_Other")), ReturnCode.IncorrectDataType);
        await Operator.RefusedAsync(AddAsync(), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(AddAsync(Text(definition), Text(definition)), ReturnCode.InvalidParameter);
        await new Operator(stage, IdOf(stage)).FinishAsync(AddAsync(Text(definition)), JobType.ModifyVirtualMachine);
        await Operator.RefusedAsync(AddAsync(Text(definition)), ReturnCode.InvalidParameter);
        var made = (await ServerSubject.ListAsync(stage, VlanClass)).Single(one => one.GetString("InstanceID") != definition.GetString("InstanceID"));
        await new Operator(stage, IdOf(stage)).FinishAsync(ModifyAsync(Text(made)), JobType.ModifyVirtualMachine);

        Task<CimMethodResult> AddAsync(params string[] texts) => CallAsync("AddFeatureSettings", new() { ["AffectedConfiguration"] = connection.Path, ["FeatureSettings"] = texts });
        Task<CimMethodResult> ModifyAsync(string text) => CallAsync("ModifyFeatureSettings", new() { ["FeatureSettings"] = new[] { text } });
        async Task<CimMethodResult> CallAsync(string method, Dictionary<string, object?> inputs)
            => await stage.Session.InvokeMethodAsync((await ServerSubject.ListAsync(stage, "Msvm_VirtualSystemManagementService")).Single().Path!, method, inputs, Stage.Token);
    }

    [Fact]
    public async Task Adapter_that_is_not_there_or_not_the_only_one_is_refused_and_a_machine_that_is_not_there_has_none()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Adapters = [new() { Name = "twin" }, new() { Name = "twin" }] }));
        (await Should.ThrowAsync<NetworkTargetException>(() => Ports(stage).SetVlanAsync(IdOf(stage), "nowhere", 1, Stage.Token))).Message.ShouldContain("'nowhere'");
        (await Should.ThrowAsync<NetworkTargetException>(() => Ports(stage).SetMacAsync(IdOf(stage), "twin", "00155D010203", Stage.Token))).Message.ShouldContain("2 network adapters");
        (await Ports(stage).SetVlanAsync(new VirtualMachineId(Guid.NewGuid()), "twin", 1, Stage.Token)).ShouldBeNull();
    }

    private static SimulatedHostDescription Host() => Stage.HostOf(Stage.Machine() with { Power = EnabledState.Off, Adapters = [new() { Name = "front" }, new() { Name = "back" }] });

    private static string Text(CimInstance setting, uint mode = 1)
    {
        var properties = setting.Properties.ToDictionary(one => one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
        (properties["OperationMode"], properties["AccessVlanId"]) = (mode, (ushort)7);
        return CimXmlText.Write(new CimInstance(path: null, setting.ClassName, properties));
    }

    private static AdapterPortCalls Ports(Stage stage) => new(stage.Session);

    private static VirtualMachineId IdOf(Stage stage) => new(stage.Host.Description.VirtualMachines[0].Id);

    private static async Task DoneAsync(Stage stage, Func<AdapterPortCalls, Task<ServiceAnswer?>> call)
    {
        (await call(Ports(stage))).ShouldNotBeNull().Code.ShouldBe(ReturnCode.JobStarted);
        stage.Pass(10);
    }

    private static async Task<(MachineAdapter First, MachineAdapter Second)> ReadAsync(Stage stage)
    {
        var adapters = (await new NetworkCalls(stage.Session).ListAsync(IdOf(stage), Stage.Token)).ToDictionary(adapter => adapter.Name);
        return (adapters["front"], adapters.Single(adapter => adapter.Key != "front").Value);
    }
}
