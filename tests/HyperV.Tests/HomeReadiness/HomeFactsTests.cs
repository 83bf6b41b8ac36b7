using HostAgent.HyperV.Cim;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Tests.HomeReadiness;

/// <summary>What is read of a host and a machine before it returns between two hosts.</summary>
public sealed class HomeFactsTests
{
    private const string Settings = "Msvm_VirtualSystemSettingData";
    private const string Adapter = @"Microsoft:1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01\4D3C2B1A-0000-4000-8000-00000000000A";
    private static readonly CimObjectPath Switch = CimObjectPath.ForKey("Msvm_VirtualEthernetSwitch", "Name", "5A1E9E8B-0000-4000-8000-000000000005", HyperVClasses.Namespace, ScriptedHost.Name);

    private readonly ScriptedHost _script = new();

    [Fact]
    public async Task Host_without_the_machine_tells_about_itself()
    {
        Name("Msvm_VirtualSystemManagementServiceSettingData", ("MinimumMacAddress", "00155D0A0000"), ("MaximumMacAddress", "00155D0A00FF"));
        Name("Msvm_VirtualEthernetSwitch", Switch, ("Name", "5A1E9E8B-0000-4000-8000-000000000005"), ("ElementName", "prod"));
        var capabilities = Name("Msvm_VirtualSystemManagementCapabilities");
        foreach (var version in new[] { "9.0", "10.0", "9.0" })
        {
            _script.Session.Associate(capabilities, "Msvm_SettingsDefineCapabilities", new CimInstance(null, Settings, [new("Version", version)]));
        }

        _script.AddReplicaServer(enabled: true, allowedAuthentication: 3);
        _script.AddAuthorizationEntries("*");
        _script.AddVolume(@"D:\", 50, 100);
        _script.Windows.Add(new CimInstance(CimObjectPath.ForKey("Win32_OperatingSystem", "Name", "Windows"), "Win32_OperatingSystem", [new("FreePhysicalMemory", 2048UL)]));

        var facts = await ReadAsync(new MachineScript().Id);

        facts.Machine.ShouldBeNull();
        (facts.HostName, facts.Clock).ShouldBe((ScriptedHost.Name, ScriptedHost.Now));
        (facts.MinimumMacAddress, facts.MaximumMacAddress).ShouldBe(("00155D0A0000", "00155D0A00FF"));
        facts.SupportedVersions.ShouldBe(["10.0", "9.0"]);
        facts.Switches.ShouldBe(["prod"]);
        facts.FreeMemoryBytes.ShouldBe(2L << 20);
        facts.Volumes.ShouldHaveSingleItem().Name.ShouldBe(@"D:\");
        facts.AllowedPrimaries.ShouldBe(["*"]);
        facts.ReplicaServer.ShouldNotBeNull().Enabled.ShouldBe(true);
        facts.IsClusterNode.ShouldBe(false);
        facts.Connection.ShouldBeNull();
        facts.Unread.ShouldBeEmpty();
    }

    [Fact]
    public async Task Machine_is_read_with_its_settings_and_devices()
    {
        var id = _script.AddMachine(new MachineScript { Provider = MachineScript.InBoxProvider, EnabledState = EnabledState.Running });
        var machine = ScriptedHost.SystemPath(id.ToString());
        var own = Own(id);
        _script.Session.Associate(machine, "Msvm_SettingsDefineState", new CimInstance(own, Settings,
            [new("Version", "10.0"), new("VirtualSystemSubType", "Microsoft:Hyper-V:SubType:2"), new("SecureBootEnabled", true), new("SecureBootTemplateId", "t"), new("AutomaticShutdownAction", (ushort)3)]));
        Part(id, "Msvm_SecuritySettingData", ("TpmEnabled", true), ("ShieldingRequested", false));
        Part(id, "Msvm_MemorySettingData", ("VirtualQuantity", 4096UL), ("DynamicMemoryEnabled", true));
        Part(id, HyperVClasses.StorageAllocationSettingData, ("ResourceSubType", "Microsoft:Hyper-V:Virtual CD/DVD Disk"), ("HostResource", new[] { @"C:\setup.iso" }));
        Part(id, "Msvm_ResourceAllocationSettingData", ("ResourceSubType", "Microsoft:Hyper-V:Physical Disk Drive"), ("HostResource", new[] { "disk 4" }));
        Part(id, "Msvm_ResourceAllocationSettingData", ("ResourceSubType", "Microsoft:Hyper-V:Synthetic Disk Drive"));
        Part(id, "Msvm_GpuPartitionSettingData", ("ElementName", "gpu"));
        _script.Session.Associate(machine, "Msvm_SystemDevice", new CimInstance(null, "Msvm_ShutdownComponent", [new("OperationalStatus", new ushort[] { 2, 0 })]));
        _script.AddImageService(_ => ScriptedHost.DiskFile(1000));
        _script.AddDisk(id, 0, @"D:\vm\a.vhdx");
        _script.AddPoint(id, "Microsoft:1", "Microsoft:Hyper-V:Snapshot:Realized", ScriptedHost.Now, "before patch");

        var read = (await ReadAsync(id)).Machine.ShouldNotBeNull();

        (read.Version, read.Generation, read.SecureBootEnabled, read.SecureBootTemplate, read.ShutdownAction).ShouldBe(("10.0", "Microsoft:Hyper-V:SubType:2", true, "t", 3));
        (read.TpmEnabled, read.Shielded, read.StartupMemoryBytes, read.DynamicMemory).ShouldBe((true, false, 4L << 30, true));
        read.MountedMedia.ShouldBe([@"C:\setup.iso"]);
        read.Devices.ShouldBe([new HomeDevice("pass-through disk", "disk 4", HoldsData: true), new HomeDevice("GPU partition", "gpu", HoldsData: false)]);
        read.Disks.ShouldBe([new HomeDisk(@"83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\0\L", @"D:\vm\a.vhdx", 1000, null, Replicated: true)]);
        read.Checkpoints.ShouldBe(["before patch"]);
        (read.ShutdownService, read.DataExchangeService).ShouldBe((2, 0));
        read.Replication.ShouldNotBeNull().OwnConnectionPoint.ShouldBe("hv-west-01.contoso.test");
    }

    [Fact]
    public async Task Adapter_is_read_with_its_switch_and_port_features()
    {
        var id = _script.AddMachine(new MachineScript());
        Name("Msvm_VirtualEthernetSwitch", Switch, ("Name", "5A1E9E8B-0000-4000-8000-000000000005"), ("ElementName", "prod"));
        var port = Part(id, "Msvm_SyntheticEthernetPortSettingData", ("InstanceID", Adapter), ("ElementName", "lan"), ("Address", "00155D0A0001"), ("StaticMacAddress", false));
        var connection = Part(
            id, "Msvm_EthernetPortAllocationSettingData", ("Parent", port.ToString()), ("HostResource", new[] { Switch.ToString() }), ("EnabledState", (ushort)2), ("RequiredFeatureHints", new[] { "filter" }));
        Feature("Msvm_EthernetSwitchPortVlanSettingData", ("OperationMode", 1U), ("AccessVlanId", (ushort)12));
        Feature("Msvm_EthernetSwitchPortAclSettingData");
        Feature("Msvm_EthernetSwitchPortOffloadSettingData", ("IOVOffloadWeight", 100U));
        _script.Session.Associate(port, "Msvm_EthernetPortFailoverSettingDataComponent", new CimInstance(null, "Msvm_FailoverNetworkAdapterSettingData", [new("IPAddresses", new[] { "10.0.0.7" })]));

        var adapter = (await ReadAsync(id)).Machine!.Adapters.ShouldNotBeNull().ShouldHaveSingleItem();

        (adapter.Id, adapter.Name, adapter.MacAddress, adapter.StaticMacAddress, adapter.Switch, adapter.Vlan).ShouldBe((Adapter, "lan", "00155D0A0001", false, "prod", "access 12"));
        (adapter.AccessControls, adapter.IovWeight, adapter.HasFailoverAddress).ShouldBe((1, 100, true));
        adapter.RequiredFeatures.ShouldBe(["filter"]);

        void Feature(string className, params (string Name, object? Value)[] properties)
            => _script.Session.Associate(connection, "Msvm_EthernetPortSettingDataComponent", Instance(null, className, properties));
    }

    [Fact]
    public async Task Connection_is_tested_to_the_side_that_the_settings_name()
    {
        Answer("TestReplicationConnection", 0);
        var id = _script.AddMachine(new MachineScript { Provider = MachineScript.InBoxProvider, Mode = ReplicationMode.Primary, State = ReplicationState.Replicating });

        (await ReadAsync(id)).Connection.ShouldNotBeNull().Target.ShouldBe("hv-west-01.contoso.test:80");
        var told = await ReadAsync(id, new ReplicaConnection("broker-east.contoso.test", 8080, AuthenticationType.Kerberos, null, BypassProxyServer: false));
        told.Connection.ShouldBe(new HomeConnection("broker-east.contoso.test:8080", 8080, true, "the host reached it"));
    }

    [Fact]
    public async Task What_a_host_does_not_offer_is_named_and_holds_nothing_up()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.AddDisk(id, 0, @"D:\vm\a.vhdx");
        _script.Session.FailOn("Associators Msvm_VirtualSystemSettingDataComponent Msvm_SecuritySettingData", CimErrorCode.InvalidClass);

        var facts = await ReadAsync(id);

        facts.Machine.ShouldNotBeNull().TpmEnabled.ShouldBeNull();
        facts.Machine.Disks.ShouldNotBeNull().ShouldHaveSingleItem().Bytes.ShouldBeNull();
        facts.Unread.Select(one => one.Subject).ShouldBe(
            [HomeSubject.ReplicaServer, HomeSubject.MacRange, HomeSubject.Memory, HomeSubject.AllowedPrimaries, HomeSubject.SupportedVersions, HomeSubject.Switches, HomeSubject.Security, HomeSubject.Adapters, HomeSubject.Disks], ignoreOrder: true);
    }

    [Fact]
    public async Task Host_that_stops_answering_fails_the_reading()
    {
        _script.Session.FailOn("List Msvm_VirtualEthernetSwitch", CimErrorCode.RpcServerUnavailable);

        (await Should.ThrowAsync<CimException>(() => ReadAsync(new MachineScript().Id))).ErrorCode.ShouldBe(CimErrorCode.RpcServerUnavailable);
    }

    [Fact]
    public async Task Lists_are_bounded_and_the_rest_is_named()
    {
        for (var number = 0; number <= HomeFacts.MostItems; number++)
        {
            _script.AddVolume(FormattableString.Invariant($@"D:\{number}\"), 1, 1);
        }

        var facts = await ReadAsync(new MachineScript().Id);

        facts.Volumes.ShouldNotBeNull().Count.ShouldBe(HomeFacts.MostItems);
        facts.Unread.ShouldContain(one => one.Subject == HomeSubject.Volumes && one.Why.Contains("301"));
    }

    private Task<HomeFacts> ReadAsync(VirtualMachineId id, ReplicaConnection? toPeer = null)
        => new HyperVHost(new HostNamespaces(_script.Session, _script.Windows), new FakeTimeProvider(ScriptedHost.Now)).ReadHomeFactsAsync(id, toPeer, TestContext.Current.CancellationToken);

    private static CimObjectPath Own(VirtualMachineId id) => CimObjectPath.ForKey(Settings, "InstanceID", $"Microsoft:{id}", HyperVClasses.Namespace, ScriptedHost.Name);

    private CimObjectPath Part(VirtualMachineId id, string className, params (string Name, object? Value)[] properties)
    {
        var path = CimObjectPath.ForKey(className, "InstanceID", properties.FirstOrDefault(one => one.Name == "InstanceID").Value as string ?? $@"Microsoft:{id}\{Guid.NewGuid()}", HyperVClasses.Namespace, ScriptedHost.Name);
        _script.Session.Associate(Own(id), HyperVClasses.VirtualSystemSettingDataComponent, Instance(path, className, properties));
        return path;
    }

    private CimObjectPath Name(string className, params (string Name, object? Value)[] properties)
        => Name(className, CimObjectPath.ForKey(className, "InstanceID", $"Microsoft:{ScriptedHost.Name}", HyperVClasses.Namespace, ScriptedHost.Name), properties);

    private CimObjectPath Name(string className, CimObjectPath path, params (string Name, object? Value)[] properties)
    {
        _script.Session.Add(Instance(path, className, properties));
        return path;
    }

    private void Answer(string method, uint code)
        => _script.Session.OnMethod(HyperVClasses.ReplicationService, method, (_, _) => new CimMethodResult(code, new Dictionary<string, object?>()));

    private static CimInstance Instance(CimObjectPath? path, string className, IEnumerable<(string Name, object? Value)> properties)
        => new(path, className, properties.Select(one => new KeyValuePair<string, object?>(one.Name, one.Value)));
}
