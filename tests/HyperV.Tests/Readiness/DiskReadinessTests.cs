using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Readiness;

public sealed class DiskReadinessTests
{
    private readonly ScriptedHost _script = new();
    private readonly VirtualMachineId _id;

    public DiskReadinessTests() => _id = _script.AddMachine(new MachineScript());

    private async Task<(ReadinessReport Report, ReadinessCheck Check)> CheckAsync(string id)
    {
        var report = await _script.Host.CheckReadinessAsync(_id, RecoveryPointSelector.Latest, TestContext.Current.CancellationToken);
        return (report, report.Checks.Single(check => check.Id == id));
    }

    private void Answer(uint code) => _script.AddImageService(
        path => path == @"D:\b.vhdx" ? new CimMethodResult(code, new Dictionary<string, object?>()) : ScriptedHost.DiskFile(1_000_000));

    [Fact]
    public async Task A_disk_whose_file_is_missing_blocks_and_is_named()
    {
        _script.AddDisk(_id, 0, @"D:\a.vhdx");
        _script.AddDisk(_id, 1, @"D:\b.vhdx");
        Answer(32779);

        var (report, check) = await CheckAsync(ReadinessCheckId.VirtualHardDiskNotFound);

        check.Passed.ShouldBeFalse();
        check.Severity.ShouldBe(CheckSeverity.Blocking);
        check.Observed.ShouldBe(@"no such file: D:\b.vhdx");
        report.Ready.ShouldBeFalse();
        report.DiskBytes.ShouldBeNull("a part of the size would mislead");
        report.Checks.Single(other => other.Id == ReadinessCheckId.VirtualHardDiskNotReadable).Passed.ShouldBeTrue("it is told once");
    }

    [Fact]
    public async Task A_disk_that_cannot_be_read_asks_and_says_what_was_answered()
    {
        _script.AddDisk(_id, 1, @"D:\b.vhdx");
        Answer(32769);

        var (report, check) = await CheckAsync(ReadinessCheckId.VirtualHardDiskNotReadable);

        check.Passed.ShouldBeFalse();
        check.Severity.ShouldBe(CheckSeverity.Overridable);
        check.Observed.ShouldBe(@"D:\b.vhdx: the host answered AccessDenied (32769)");
        report.Ready.ShouldBeTrue();
    }

    [Theory]
    [InlineData(@"C:\ClusterStorage\Volume1\b.vhdx", true)]
    [InlineData(@"C:\ClusterStorage\Volume1\b.VHDS", null)]
    public async Task A_shared_disk_asks(string path, bool? reservations)
    {
        _script.AddDisk(_id, 0, path, ("PersistentReservationsSupported", reservations));
        Answer(0);

        var (_, check) = await CheckAsync(ReadinessCheckId.VirtualHardDiskShared);

        check.Passed.ShouldBeFalse();
        check.Severity.ShouldBe(CheckSeverity.Overridable);
        check.Observed.ShouldBe($"shared: {path}");
    }

    [Fact]
    public async Task Disks_that_are_well_pass_and_their_size_is_told()
    {
        _script.AddDisk(_id, 0, @"D:\a.vhdx");
        _script.AddDisk(_id, 1, @"D:\c.vhdx");
        Answer(0);

        var (report, check) = await CheckAsync(ReadinessCheckId.VirtualHardDiskNotFound);

        check.Observed.ShouldBe("2 replicated disks with a total of 2000000 bytes");
        report.DiskBytes.ShouldBe(2_000_000);
    }

    [Fact]
    public async Task A_disk_that_is_not_replicated_is_not_looked_at()
    {
        var replicated = new ScriptedHost();
        var id = replicated.AddMachine(new MachineScript { Settings = [("IncludedDisks", new[] { replicated.AddDisk(new MachineScript().Id, 0, @"D:\a.vhdx") })] });
        replicated.AddDisk(id, 1, @"D:\scratch.vhdx");
        replicated.AddImageService(path => path == @"D:\a.vhdx" ? ScriptedHost.DiskFile(512) : new CimMethodResult(32779, new Dictionary<string, object?>()));

        var report = await replicated.Host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, TestContext.Current.CancellationToken);

        report.Ready.ShouldBeTrue();
        report.DiskBytes.ShouldBe(512);
    }

    [Fact]
    public async Task A_host_that_reads_no_files_is_no_obstacle()
    {
        _script.AddDisk(_id, 0, @"D:\a.vhdx");

        var (report, check) = await CheckAsync(ReadinessCheckId.VirtualHardDiskNotFound);

        check.Passed.ShouldBeTrue();
        check.Observed.ShouldBe("1 replicated disks of unknown size");
        report.DiskBytes.ShouldBeNull();
    }
}
