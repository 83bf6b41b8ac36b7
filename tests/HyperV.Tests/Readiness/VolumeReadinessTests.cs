using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;
using Microsoft.Extensions.Time.Testing;
using static HostAgent.HyperV.Tests.Readiness.ReportAssertions;

namespace HostAgent.HyperV.Tests.Readiness;

public sealed class VolumeReadinessTests
{
    private const ulong Gibibyte = 1 << 30;

    private readonly ScriptedHost _script = new();
    private readonly VirtualMachineId _id;

    public VolumeReadinessTests()
    {
        _id = _script.AddMachine(new MachineScript());
        _script.AddImageService(path => ScriptedHost.DiskFile(path.Contains("large", StringComparison.Ordinal) ? 400 * Gibibyte : Gibibyte));
        _script.AddVolume(@"C:\", 5 * Gibibyte, 100 * Gibibyte);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(39, false)]
    public async Task A_volume_with_less_room_than_a_part_of_its_disks_asks(ulong free, bool passed)
    {
        _script.AddDisk(_id, 0, @"D:\vm\large.vhdx");
        _script.AddVolume(@"D:\", free * Gibibyte, 1000 * Gibibyte);
        var report = await CheckAsync();
        var observed = FormattableString.Invariant($@"D:\ has {free * Gibibyte} bytes ({free}.0 GiB) free, needs 42949672960 bytes (40.0 GiB) for disks of 429496729600 bytes (400.0 GiB)");
        if (passed)
        {
            ShouldPass(report, ReadinessCheckId.VolumeSpaceLow, observed);
        }
        else
        {
            ShouldFail(report, ReadinessCheckId.VolumeSpaceLow, CheckSeverity.Overridable, observed);
        }
    }

    [Fact]
    public async Task Small_disks_want_a_gibibyte_all_the_same()
    {
        _script.AddDisk(_id, 0, @"D:\vm\small.vhdx");
        _script.AddVolume(@"D:\", Gibibyte - 1, 1000 * Gibibyte);
        ShouldFail(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow, CheckSeverity.Overridable, "needs 1073741824 bytes (1.0 GiB)");
    }

    [Fact]
    public async Task The_part_and_the_least_are_rules()
    {
        _script.AddDisk(_id, 0, @"C:\vm\large.vhdx");
        var report = await CheckAsync(new FailbackRules { MinimumFreePart = 0, MinimumFreeBytes = 6L << 30 });
        ShouldFail(report, ReadinessCheckId.VolumeSpaceLow, CheckSeverity.Overridable, "needs 6442450944 bytes (6.0 GiB)");
    }

    [Fact]
    public async Task Disks_are_added_up_by_the_volume_mounted_deepest()
    {
        _script.AddVolume(@"C:\ClusterStorage\Volume1\", 60 * Gibibyte, 1000 * Gibibyte);
        _script.AddDisk(_id, 0, @"c:\clusterstorage\volume1\a\large.vhdx");
        _script.AddDisk(_id, 1, @"C:\ClusterStorage\Volume1\b\large.vhdx");
        _script.AddDisk(_id, 2, @"C:\ClusterStorage\Volume10\small.vhdx");
        var check = Find(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow);
        check.Passed.ShouldBeFalse();
        check.Observed.Split("; ").Select(part => part.Split(',')[0]).ShouldBe([@"C:\ has 5368709120 bytes (5.0 GiB) free", @"C:\ClusterStorage\Volume1\ has 64424509440 bytes (60.0 GiB) free"]);
        check.Observed.ShouldEndWith("needs 85899345920 bytes (80.0 GiB) for disks of 858993459200 bytes (800.0 GiB)");
    }

    [Fact]
    public async Task A_disk_on_a_share_is_told_and_not_judged()
    {
        _script.AddDisk(_id, 0, @"\\store\vm\large.vhdx");
        ShouldPass(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow, @"\\store\vm\large.vhdx is on no volume of this host");
    }

    [Fact]
    public async Task A_machine_without_disks_costs_no_call()
    {
        ShouldPass(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow, "no virtual hard disks");
        _script.Windows.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_machine_with_disks_costs_one_call()
    {
        _script.AddDisk(_id, 0, @"C:\small.vhdx");
        _script.AddDisk(_id, 1, @"C:\large.vhdx");
        await CheckAsync();
        _script.Windows.Calls.ShouldBe(["List Win32_Volume"]);
    }

    [Fact]
    public async Task Volumes_that_are_not_told_are_no_obstacle()
    {
        _script.AddDisk(_id, 0, @"C:\large.vhdx");
        ShouldPass(await _script.Host.CheckReadinessAsync(_id, RecoveryPointSelector.Latest, CancellationToken.None), ReadinessCheckId.VolumeSpaceLow, "volumes are unknown");
        _script.Windows.FailOn("List Win32_Volume", CimErrorCode.RpcServerUnavailable);
        ShouldPass(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow, "volumes could not be read: List Win32_Volume");
    }

    [Fact]
    public async Task A_host_that_shows_no_volumes_is_no_obstacle()
    {
        _script.AddDisk(_id, 0, @"C:\large.vhdx");
        _script.Windows.Remove(CimObjectPath.ForKey(VolumeClasses.Volume, "DeviceID", @"C:\", VolumeClasses.Namespace, ScriptedHost.Name));
        ShouldPass(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow, "shows no volumes");
    }

    [Fact]
    public async Task A_volume_that_is_offline_has_no_size_and_is_left_out()
    {
        _script.AddDisk(_id, 0, @"E:\large.vhdx");
        _script.Windows.Add(new CimInstance(null, VolumeClasses.Volume, [new("Name", @"E:\"), new("Capacity", null), new("FreeSpace", null)]));
        ShouldPass(await CheckAsync(), ReadinessCheckId.VolumeSpaceLow, @"E:\large.vhdx is on no volume of this host");
    }

    private Task<ReadinessReport> CheckAsync(FailbackRules? rules = null)
        => new HyperVHost(new HostNamespaces(_script.Session, Windows: _script.Windows), new FakeTimeProvider(ScriptedHost.Now), rules)
            .CheckReadinessAsync(_id, RecoveryPointSelector.Latest, CancellationToken.None);
}
