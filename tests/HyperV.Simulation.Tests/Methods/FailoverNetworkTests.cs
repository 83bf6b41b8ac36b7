using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class FailoverNetworkTests
{
    private const string ClassName = "Msvm_FailoverNetworkAdapterSettingData";

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task Settings_of_each_adapter_are_read_back_and_outlive_the_process(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Stage.Machine() with { Adapters = [new(), new(), new()] }), compactAbove,
        async stage => await OperatorOf(stage).FinishAsync(SetAsync(stage, Adapter(), Adapter(("DHCPEnabled", true), ("IPAddresses", Array.Empty<string>()))), JobType.ModifyVirtualMachine),
        async stage =>
        {
            var adapters = await ServerSubject.ListAsync(stage, ClassName);
            adapters.Count.ShouldBe(3);
            adapters[0]["IPAddresses"].ShouldBe(new[] { "10.0.0.7" });
            adapters[0]["DHCPEnabled"].ShouldBe(false);
            adapters[1]["DHCPEnabled"].ShouldBe(true);
            // The one that was not named.
            adapters[2]["ProtocolIFType"].ShouldBe((ushort)0);
            adapters[1].Path!.Keys["InstanceID"].ShouldBeOfType<string>().ShouldContain(OperatorOf(stage).Id.ToString());
            (await stage.Session.GetInstanceAsync(CimObjectPath.Parse(adapters[1].Path!.ToString()), Stage.Token)).ShouldNotBeNull();
        });

    public static TheoryData<string, object?> Errors => new()
    {
        { "IPAddresses", null },
        { "DHCPEnabled", null },
        { "IPAddresses", new[] { "ten" } },
        { "DNSServers", new[] { "dns.example" } },
        { "DefaultGateways", Enumerable.Repeat("10.0.0.1", 6).ToArray() },
        { "Subnets", new[] { "255.255.255.0", "255.255.255.0" } },
        { "ProtocolIFType", (ushort)2 },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public async Task Settings_that_are_not_whole_or_not_allowed_are_refused(string property, object? value)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Adapters = [new(), new()] }));
        await Operator.RefusedAsync(SetAsync(stage, Adapter(), Adapter((property, value))), ReturnCode.InvalidParameter);
        (await ServerSubject.ListAsync(stage, ClassName)).ShouldAllBe(adapter => ((string[])adapter["IPAddresses"]!).Length == 0);
    }

    [Fact]
    public async Task What_is_no_settings_of_an_adapter_is_refused()
    {
        await using var stage = await Stage.OpenAsync();
        await Operator.RefusedAsync(SetAsync(stage), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(SetAsync(stage, ServerSubject.Text("Msvm_Other")), ReturnCode.IncorrectDataType);
        await Operator.RefusedAsync(SetAsync(stage, Adapter(("DHCPEnabled", "yes"))), ReturnCode.IncorrectDataType);
        await Operator.RefusedAsync(SetAsync(stage, Adapter(("InstanceID", "another's"))), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(SetAsync(stage, Adapter(), Adapter()), ReturnCode.InvalidParameter);
        await using var other = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.None }));
        await Operator.RefusedAsync(SetAsync(other, Adapter()), ReturnCode.InvalidState);
    }

    private static string Adapter(params (string Name, object? Value)[] changes)
    {
        var properties = new Dictionary<string, object?>
        {
            ["ProtocolIFType"] = (ushort)4096,
            ["DHCPEnabled"] = false,
            ["IPAddresses"] = new[] { "10.0.0.7" },
            ["Subnets"] = new[] { "255.255.255.0" },
            ["DefaultGateways"] = new[] { "10.0.0.1" },
            ["DNSServers"] = new[] { "10.0.0.2", "fe80::1" },
        };
        foreach (var (name, value) in changes)
        {
            properties[name] = value;
        }

        if (changes is [.., ("IPAddresses", string[] { Length: 0 })])
        {
            properties["Subnets"] = null;
        }

        return ServerSubject.Text(ClassName, properties.Select(property => (property.Key, property.Value)));
    }

    private static Operator OperatorOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static Task<CimMethodResult> SetAsync(Stage stage, params string[] adapters)
        => OperatorOf(stage).ServiceAsync("SetFailoverNetworkAdapterSettings", ("NetworkSettings", adapters));
}
