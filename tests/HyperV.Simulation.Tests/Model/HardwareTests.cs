using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation.Tests.Model;

/// <summary>What must fit at home before a machine is brought there: security, version, memory, network, media, clock.</summary>
public sealed class HardwareTests
{
    private static readonly SimulatedVirtualMachineDescription Startable = Stage.Machine() with { Mode = ReplicationMode.None, State = ReplicationState.Disabled };

    [Fact]
    public async Task Parts_of_a_machine_are_found_from_its_settings()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Startable with
        {
            Version = "8.0",
            MemoryMegabytes = 2048,
            Tpm = true,
            Iso = @"C:\tools.iso",
            Adapters = [new() { Name = "LAN", Switch = "prod", Vlan = 10, StaticMac = "00155d0a0b0c" }, new() { Switch = "gone" }],
        }) with
        { Switches = ["prod"] });
        var settings = (await stage.Session.ListAssociatorsAsync(Methods.Operator.PathOf(IdOf(stage)), "Msvm_SettingsDefineState", HyperVClasses.VirtualSystemSettingData, Stage.Token)).ShouldHaveSingleItem();

        settings.GetString("Version").ShouldBe("8.0");
        (await PartsAsync("Msvm_SecuritySettingData")).ShouldHaveSingleItem().GetBoolean("TpmEnabled").ShouldBe(true);
        (await PartsAsync("Msvm_MemorySettingData")).ShouldHaveSingleItem().GetInteger("VirtualQuantity").ShouldBe(2048);
        (await PartsAsync(HyperVClasses.StorageAllocationSettingData)).Single(one => one.GetString("ResourceSubType") == "Microsoft:Hyper-V:Virtual CD/DVD Disk")["HostResource"].ShouldBe(new[] { @"C:\tools.iso" });
        var ports = await PartsAsync("Msvm_SyntheticEthernetPortSettingData");
        ports.Select(port => (port.GetString("ElementName"), port.GetBoolean("StaticMacAddress"))).ShouldBe([("LAN", true), ("Network Adapter", false)]);
        ports[0].GetString("Address").ShouldBe("00155D0A0B0C");
        ports[1].GetString("Address").ShouldNotBeNull().ShouldMatch("^00155D[0-9A-F]{6}$");
        var connections = await PartsAsync("Msvm_EthernetPortAllocationSettingData");
        connections.Select(one => one.GetInteger("EnabledState")).ShouldBe([2, 3], "the host has no switch 'gone'");
        var vSwitch = (await stage.Session.ListInstancesAsync("Msvm_VirtualEthernetSwitch", [], Stage.Token)).ShouldHaveSingleItem();
        CimObjectPath.Parse(((string[])connections[0]["HostResource"]!)[0]).Keys["Name"].ShouldBe(vSwitch.GetString("Name"));
        (await stage.Session.ListAssociatorsAsync(connections[0].Path!, "Msvm_EthernetPortSettingDataComponent", "Msvm_EthernetSwitchPortFeatureSettingData", Stage.Token))
            .ShouldHaveSingleItem().GetInteger("AccessVlanId").ShouldBe(10);

        Task<IReadOnlyList<CimInstance>> PartsAsync(string className) => stage.Session.ListAssociatorsAsync(settings.Path!, HyperVClasses.VirtualSystemSettingDataComponent, className, Stage.Token);
    }

    [Fact]
    public async Task Host_shows_its_versions_its_free_memory_and_its_clock()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Startable with { Power = EnabledState.Running, MemoryMegabytes = 8192 }) with
        {
            SupportedVersions = ["8.0", "9.0"],
            MemoryMegabytes = 32_768,
            ClockOffsetSeconds = -90,
        });
        var capabilities = (await stage.Session.ListInstancesAsync("Msvm_VirtualSystemManagementCapabilities", [], Stage.Token)).ShouldHaveSingleItem();
        (await stage.Session.ListAssociatorsAsync(capabilities.Path!, "Msvm_SettingsDefineCapabilities", HyperVClasses.VirtualSystemSettingData, Stage.Token))
            .Select(one => one.GetString("Version")).ShouldBe(["8.0", "9.0"]);
        await using var windows = stage.Host.OpenSession(VolumeClasses.Namespace)!;
        var system = (await windows.ListInstancesAsync("Win32_OperatingSystem", [], Stage.Token)).ShouldHaveSingleItem();
        system.GetInteger("FreePhysicalMemory").ShouldBe((32_768 - 512 - 8192) * 1024);
        system["LocalDateTime"].ShouldBe(Stage.Began - TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Guest_with_contact_has_its_addresses()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Startable with { Adapters = [new() { Addresses = ["10.0.0.5", "fe80::5"] }] }));
        (await AddressesAsync()).ShouldBeEmpty();
        await new FailoverCalls(stage.Session).StartMachineAsync(IdOf(stage), Stage.Token);
        stage.Pass(42);
        (await AddressesAsync()).ShouldBe(["10.0.0.5", "fe80::5"]);

        async Task<string[]> AddressesAsync()
        {
            var port = (await stage.Session.ListInstancesAsync("Msvm_SyntheticEthernetPortSettingData", [], Stage.Token)).ShouldHaveSingleItem();
            return (string[])(await stage.Session.ListAssociatorsAsync(port.Path!, "Msvm_SettingDataComponent", "Msvm_GuestNetworkAdapterConfiguration", Stage.Token)).ShouldHaveSingleItem()["IPAddresses"]!;
        }
    }

    public static TheoryData<string, string> Obstacles => new()
    {
        { "tpm: true, hasTpmKeys: false", "key protector could not be unwrapped" },
        { "iso: 'C:\\x.iso', isoExists: false", "was not found" },
        { "memoryMegabytes: 65536", "not enough memory: 65536 MB are needed and 32256 MB are free" },
        { "version: '12.0'", "configuration version 12.0 is not supported" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task Start_is_accepted_and_fails_where_the_host_lacks_what_the_machine_needs(string keys, string error)
    {
        var estate = EstateDocument.Parse(
            $"apiVersion: failback/v1\nkind: Estate\nhosts: [{{ name: hv-1, memoryMegabytes: 32768, virtualMachines: [{{ name: a, mode: none, state: disabled, {keys} }}] }}]\n", "estate.yaml").Require();
        await using var stage = await Stage.OpenAsync(estate.Hosts[0]);
        var answer = await new FailoverCalls(stage.Session).StartMachineAsync(IdOf(stage), Stage.Token);
        stage.Pass(10);

        var job = await stage.JobAsync(answer.Job.ShouldNotBeNull());
        job.Verdict.ShouldBe(JobVerdict.Failed);
        job.ErrorDescription.ShouldNotBeNull().ShouldContain(error);
        (await stage.Door.FindVirtualMachineAsync(IdOf(stage), Stage.Token)).ShouldNotBeNull().EnabledState.ShouldBe(EnabledState.Off);
        EstateDocument.Write(EstateDocument.Parse(EstateDocument.Write(estate), "written.yaml").Require()).ShouldBe(EstateDocument.Write(estate));
    }

    private static VirtualMachineId IdOf(Stage stage) => new(stage.Host.Description.VirtualMachines[0].Id);
}
