using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Disks;

public sealed class ReplicatedDisksTests
{
    private static readonly VirtualMachineId Id = new MachineScript().Id;
    private static readonly VirtualHardDisk[] Disks = [Disk(Id, 0), Disk(Id, 1), Disk(Id, 2)];

    private static VirtualHardDisk Disk(VirtualMachineId machine, int place)
        => new(machine, $@"Microsoft:{machine}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\{place}\L", $@"D:\{place}.vhdx", Shared: false);

    private static async Task<VirtualMachine> MachineAsync(params string?[]? included)
    {
        var script = new ScriptedHost();
        var id = script.AddMachine(new MachineScript { Settings = [("IncludedDisks", included)] });
        return (await script.Host.FindVirtualMachineAsync(id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Disks_are_included_by_their_id_in_any_case()
        => ReplicatedDisks.Of(await MachineAsync(Disks[1].InstanceId.ToLowerInvariant()), Disks).ShouldBe([Disks[1]]);

    [Fact]
    public async Task Disks_are_included_by_their_whole_path()
        => ReplicatedDisks.Of(
            await MachineAsync(CimObjectPath.ForKey(HyperVClasses.StorageAllocationSettingData, "InstanceID", Disks[2].InstanceId, HyperVClasses.Namespace, ScriptedHost.Name).ToString()),
            Disks).ShouldBe([Disks[2]]);

    [Fact]
    public async Task A_drive_stands_for_the_disk_in_it()
        => ReplicatedDisks.Of(await MachineAsync(Disks[0].InstanceId[..^1] + "D", Disks[2].InstanceId), Disks).ShouldBe([Disks[0], Disks[2]]);

    [Fact]
    public async Task Settings_that_name_no_disk_of_the_machine_include_all()
    {
        ReplicatedDisks.Of(await MachineAsync(null), Disks).ShouldBe(Disks);
        ReplicatedDisks.Of(await MachineAsync(@"Microsoft:disk\0", null), Disks).ShouldBe(Disks);
    }

    [Fact]
    public async Task Disks_of_other_machines_are_left_out()
        => ReplicatedDisks.Of(await MachineAsync(), [Disk(new(Guid.NewGuid()), 0), Disks[0]]).ShouldBe([Disks[0]]);

    [Fact]
    public void A_sum_is_of_all_disks_or_not_told()
    {
        DiskSizes.Sum(Disks, _ => 10).ShouldBe(30);
        DiskSizes.Sum(Disks, path => path == Disks[1].Path ? null : 10).ShouldBeNull();
        DiskSizes.Sum([], _ => 10).ShouldBeNull();
    }
}
