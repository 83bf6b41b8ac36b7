using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Tests.Model;

public sealed class HardDiskTests
{
    private static Task<Stage> OpenAsync(SimulatedVirtualMachineDescription machine) => Stage.OpenAsync(Stage.HostOf(machine));

    [Fact]
    public async Task Disks_have_the_keys_of_a_host_and_the_settings_include_them()
    {
        await using var stage = await OpenAsync(Stage.Machine() with { Disks = 2 });
        var machine = (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem();
        var disks = await stage.Door.ListVirtualHardDisksAsync(Stage.Token);
        disks.Select(disk => disk.InstanceId).ShouldBe(
            [$@"Microsoft:{machine.Id}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\0\L", $@"Microsoft:{machine.Id}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\1\L"]);
        machine.ReplicationSettings.ShouldNotBeNull().IncludedDisks.ShouldBe(disks.Select(disk => disk.InstanceId));
        disks.Select(disk => disk.Path).ShouldBeUnique();
        ReplicatedDisks.Of(machine, disks).ShouldBe(disks);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 10)]
    [InlineData(64, 0.001)]
    public async Task Disks_share_the_size_in_whole_sectors(int count, double gigabytes)
    {
        await using var stage = await OpenAsync(Stage.Machine() with { Disks = count, DiskGigabytes = gigabytes, ChangedGigabytes = 0 });
        var disks = await stage.Door.ListVirtualHardDisksAsync(Stage.Token);
        var files = await stage.Door.ReadVirtualHardDisksAsync([.. disks.Select(disk => disk.Path)], Stage.Token);
        var sum = DiskSizes.Sum(disks, path => files[path].Bytes).ShouldNotBeNull();
        files.Count.ShouldBe(count);
        files.Values.ShouldAllBe(file => file.Bytes % 512 == 0);
        sum.ShouldBeInRange((long)(gigabytes * 1e9), (long)(gigabytes * 1e9) + (512 * count));
    }

    [Fact]
    public async Task A_missing_disk_blocks_the_preflight_and_the_failback()
    {
        await using var stage = await OpenAsync(Stage.Machine() with { Disks = 2, Faults = [new DiskMissingFault { Disk = 2 }] });
        var report = await stage.Door.CheckReadinessAsync(new(stage.Host.Description.VirtualMachines[0].Id), RecoveryPointSelector.Latest, Stage.Token);
        report.Checks.Single(check => check.Id == ReadinessCheckId.VirtualHardDiskNotFound).Observed.ShouldEndWith(@"\disk-2.vhdx");
        report.Ready.ShouldBeFalse();
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.FileNotFound);
    }

    [Theory]
    [InlineData(@"D:\elsewhere.vhdx")]
    [InlineData("")]
    [InlineData("disk-1.vhdx")]
    public async Task A_path_that_is_no_disk_has_no_size(string path)
    {
        await using var stage = await Stage.OpenAsync();
        (await stage.Door.ReadVirtualHardDisksAsync([path], Stage.Token))[path].ShouldSatisfyAllConditions(
            file => file.Bytes.ShouldBeNull(),
            file => file.Code.ShouldBe(path.Length == 0 ? ReturnCode.InvalidParameter : ReturnCode.FileNotFound));
    }

    [Fact]
    public async Task Disks_leave_with_their_machine()
    {
        await using var stage = await Stage.OpenAsync();
        var path = (await stage.Door.ListVirtualHardDisksAsync(Stage.Token)).ShouldHaveSingleItem().Path;
        stage.Host.Remove(stage.Host.Description.VirtualMachines[0].Id);
        (await stage.Door.ListVirtualHardDisksAsync(Stage.Token)).ShouldBeEmpty();
        (await stage.Door.ReadVirtualHardDisksAsync([path], Stage.Token))[path].Code.ShouldBe(ReturnCode.FileNotFound);
    }
}
