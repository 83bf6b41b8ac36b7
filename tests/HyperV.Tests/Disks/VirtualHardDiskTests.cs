using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Disks;

public sealed class VirtualHardDiskTests
{
    private static readonly VirtualMachineId Machine = new MachineScript().Id;

    private readonly ScriptedHost _script = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<HyperV.Disks.VirtualHardDiskFile> ReadAsync(string path = @"D:\a.vhdx")
        => (await _script.Host.ReadVirtualHardDisksAsync([path], Token)).ShouldHaveSingleItem().Value;

    [Fact]
    public async Task Disks_of_all_machines_are_listed_in_one_call()
    {
        var other = VirtualMachineId.Parse("2F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E02");
        var first = _script.AddDisk(Machine, 0, @"D:\a.vhdx", ("PersistentReservationsSupported", false));
        _script.AddDisk(other, 3, @"\\store\vm\b.vhds");

        var disks = await _script.Host.ListVirtualHardDisksAsync(Token);

        disks.ShouldBe([new(Machine, first, @"D:\a.vhdx", Shared: false), new(other, first.Replace(Machine.ToString(), other.ToString(), StringComparison.Ordinal).Replace(@"\0\0\L", @"\0\3\L", StringComparison.Ordinal), @"\\store\vm\b.vhds", Shared: null)]);
        _script.Session.Calls.ShouldBe(["List Msvm_StorageAllocationSettingData"]);
    }

    [Fact]
    public async Task Images_of_optical_discs_templates_and_empty_drives_are_no_disks()
    {
        _script.AddDisk(Machine, 0, @"D:\setup.iso", ("ResourceSubType", "Microsoft:Hyper-V:Virtual CD/DVD Disk"));
        _script.AddDisk(Machine, 1, path: null);
        _script.AddDisk(Machine, 2, @"D:\template.vhdx", ("InstanceID", @"Microsoft:Definition\1D6E9B1A\Default"));

        (await _script.Host.ListVirtualHardDisksAsync(Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_files_size_is_what_the_machine_sees_of_it(bool asInstance)
    {
        _script.AddImageService(path => path == @"D:\a.vhdx" ? ScriptedHost.DiskFile(136_365_211_648, asInstance) : new CimMethodResult(32779, new Dictionary<string, object?>()));

        var file = await ReadAsync();

        file.Bytes.ShouldBe(136_365_211_648);
        file.Code.ShouldBe(ReturnCode.Completed);
    }

    [Theory]
    [InlineData(32779u, "FileNotFound (32779)")]
    [InlineData(32769u, "AccessDenied (32769)")]
    [InlineData(4096u, "JobStarted (4096)")]
    [InlineData(0u, "reported no size")]
    public async Task A_file_that_is_not_told_has_no_size_and_says_why(uint code, string observed)
    {
        _script.AddImageService(_ => new CimMethodResult(code, new Dictionary<string, object?>()));

        var file = await ReadAsync();

        file.Bytes.ShouldBeNull();
        file.Code.ShouldBe((ReturnCode)code);
        file.Observed.ShouldContain(observed);
    }

    [Fact]
    public async Task A_call_that_fails_keeps_no_other_file_from_being_read()
    {
        _script.AddImageService(path => path.EndsWith("a.vhdx", StringComparison.Ordinal)
            ? throw new CimException(CimErrorCode.TimedOut, "did not end within 30 s")
            : ScriptedHost.DiskFile(512));

        var files = await _script.Host.ReadVirtualHardDisksAsync([@"D:\a.vhdx", @"D:\b.vhdx"], Token);

        files[@"D:\a.vhdx"].ShouldBe(new(@"D:\a.vhdx", Code: null, Bytes: null, "did not end within 30 s"));
        files[@"d:\B.VHDX"].Bytes.ShouldBe(512);
        _script.Session.Calls.Count(call => call == "List Msvm_ImageManagementService").ShouldBe(1);
    }

    [Fact]
    public async Task Settings_that_are_no_instance_are_told()
    {
        _script.AddImageService(_ => new CimMethodResult(0, new Dictionary<string, object?> { ["SettingData"] = "<INSTANCE" }));
        (await ReadAsync()).Bytes.ShouldBeNull();
    }

    [Fact]
    public async Task A_host_without_the_service_says_so()
        => (await Should.ThrowAsync<CimException>(() => ReadAsync())).ErrorCode.ShouldBe(CimErrorCode.NotFound);

    [Fact]
    public async Task No_paths_are_no_calls()
    {
        (await _script.Host.ReadVirtualHardDisksAsync([], Token)).ShouldBeEmpty();
        _script.Session.Calls.ShouldBeEmpty();
    }
}
