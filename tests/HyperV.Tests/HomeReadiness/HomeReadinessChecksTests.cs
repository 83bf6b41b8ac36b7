using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Tests.HomeReadiness;

/// <summary>Each check of a return between two hosts: passes for a pair that fits, fails for its problem alone, and holds nothing up when it is not known.</summary>
public sealed class HomeReadinessChecksTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly VirtualMachineId Id = VirtualMachineId.Parse("1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01");
    private static readonly string[] AllIds = [.. typeof(HomeCheckId).GetFields().Select(field => (string)field.GetValue(null)!)];

    /// <summary>What makes exactly one check fail: the recovery side, home, the severity, and a part of what was seen.</summary>
    private static readonly Dictionary<string, (Func<HomeFacts, HomeFacts> Recovery, Func<HomeFacts, HomeFacts> Home, CheckSeverity Severity, string Seen)> Problems = new(StringComparer.Ordinal)
    {
        [HomeCheckId.HomeReplicaServerNotEnabled] = Home(home => home with { ReplicaServer = home.ReplicaServer! with { Enabled = false } }, CheckSeverity.Blocking, "home HV-EAST-01"),
        [HomeCheckId.HomeAuthenticationNotAllowed] = Home(home => home with { ReplicaServer = home.ReplicaServer! with { AllowedAuthenticationType = 1 } }, CheckSeverity.Blocking, "Certificate (2)"),
        [HomeCheckId.HomePortDiffers] = Home(home => home with { ReplicaServer = home.ReplicaServer! with { HttpsPort = 8443 } }, CheckSeverity.Overridable, "8443"),
        [HomeCheckId.HomeDoesNotAuthorizeRecovery] = Home(home => home with { AllowedPrimaries = ["other.test"] }, CheckSeverity.Blocking, "other.test"),
        [HomeCheckId.HomeNotReachable] = Recovery(there => there with { Connection = there.Connection! with { Reached = false, Observed = "0x00002EFD" } }, CheckSeverity.Blocking, "0x00002EFD"),
        [HomeCheckId.HomeBrokerNotOnline] = Home(home => home with { IsClusterNode = true, BrokerOnline = false }, CheckSeverity.Blocking, "missing or not online"),
        [HomeCheckId.RecoveryBrokerNotOnline] = Recovery(there => there with { IsClusterNode = true, BrokerOnline = false }, CheckSeverity.Overridable, "missing or not online"),
        [HomeCheckId.MachineOperationInProgress] = AtHome(machine => machine with { OperationInProgress = OperationalStatus.ExportingVirtualMachine }, CheckSeverity.Overridable, "home HV-EAST-01: ExportingVirtualMachine (32773)"),
        [HomeCheckId.RecoveryReplicaServerNotEnabled] = Recovery(there => there with { ReplicaServer = there.ReplicaServer! with { Enabled = false } }, CheckSeverity.Overridable, "the recovery side HV-WEST-01"),
        [HomeCheckId.RecoveryDoesNotAuthorizeHome] = Recovery(there => there with { AllowedPrimaries = [] }, CheckSeverity.Overridable, "no server"),
        [HomeCheckId.RecoveryNotReachable] = Home(home => home with { Connection = home.Connection! with { Reached = false, Observed = "refused" } }, CheckSeverity.Overridable, "refused"),
        [HomeCheckId.RecoveryCertificateNotValid] = Recovery(there => there with { Certificates = [new("AA01", null, null, null)] }, CheckSeverity.Blocking, "AA01"),
        [HomeCheckId.RecoveryCertificateExpiresSoon] = Recovery(there => there with { Certificates = [new("AA01", "CN=west", Now.AddYears(-1), Now.AddDays(29))] }, CheckSeverity.Overridable, "2026-03-30"),
        [HomeCheckId.HomeCertificateNotValid] = Home(home => home with { Certificates = [new("BB02", "CN=east", Now.AddYears(-1), Now.AddDays(-1))] }, CheckSeverity.Blocking, "2026-02-28"),
        [HomeCheckId.HomeCertificateExpiresSoon] = Home(home => home with { Certificates = [new("BB02", "CN=east", Now.AddYears(-1), Now.AddDays(1))] }, CheckSeverity.Overridable, "2026-03-02"),
        [HomeCheckId.ConfigurationVersionNotSupported] = AtRecovery(machine => machine with { Version = "12.0" }, CheckSeverity.Blocking, "12.0"),
        [HomeCheckId.GenerationDiffers] = AtHome(machine => machine with { Generation = "Microsoft:Hyper-V:SubType:1" }, CheckSeverity.Blocking, "SubType:1 at home"),
        [HomeCheckId.SecureBootDiffers] = AtHome(machine => machine with { SecureBootEnabled = false }, CheckSeverity.Overridable, "off at home"),
        [HomeCheckId.VirtualTpmPresent] = AtRecovery(machine => machine with { TpmEnabled = true }, CheckSeverity.Overridable, "no copy with one"),
        [HomeCheckId.ShieldedMachine] = AtRecovery(machine => machine with { Shielded = true }, CheckSeverity.Overridable, "shielded"),
        [HomeCheckId.HomeMemoryLow] = Home(home => home with { FreeMemoryBytes = 1L << 30 }, CheckSeverity.Overridable, "1.0 GiB free"),
        [HomeCheckId.UnreplicatedDiskPresent] = AtRecovery(machine => machine with { Devices = [new("pass-through disk", "disk 4", HoldsData: true)] }, CheckSeverity.Blocking, "disk 4"),
        [HomeCheckId.HostDevicePresent] = AtRecovery(machine => machine with { Devices = [new("GPU partition", "A2", HoldsData: false)] }, CheckSeverity.Overridable, "A2"),
        [HomeCheckId.SharedDiskPresent] = AtRecovery(machine => machine with { Disks = [Disk() with { Shared = true }] }, CheckSeverity.Blocking, @"D:\vm\a.vhdx"),
        [HomeCheckId.DiskNotReplicated] = AtRecovery(machine => machine with { Disks = [Disk() with { Replicated = false }] }, CheckSeverity.Overridable, @"D:\vm\a.vhdx"),
        [HomeCheckId.DiskSetDiffers] = AtHome(machine => machine with { Disks = [Disk() with { Place = @"C\0\5\L" }] }, CheckSeverity.Blocking, "home lacks"),
        [HomeCheckId.DiskSizeDiffers] = AtHome(machine => machine with { Disks = [Disk() with { Bytes = 7 }] }, CheckSeverity.Blocking, "7 at home"),
        [HomeCheckId.DiskMergePending] = AtHome(machine => machine with { Disks = [Disk() with { Path = @"D:\vm\a_1.avhdx" }] }, CheckSeverity.Blocking, "a_1.avhdx"),
        [HomeCheckId.OrdinaryCheckpointsPresent] = AtHome(machine => machine with { Checkpoints = ["before patch"] }, CheckSeverity.Overridable, "before patch"),
        [HomeCheckId.HomeVolumeSpaceLow] = Home(home => home with { Volumes = [new Volume(@"D:\", null, 14, 100)] }, CheckSeverity.Overridable, @"D:\"),
        [HomeCheckId.RecoveryVolumeSpaceLow] = Recovery(there => there with { Volumes = [new Volume(@"D:\", null, 14, 100)] }, CheckSeverity.Overridable, @"D:\"),
        [HomeCheckId.HomeDiskOnShare] = AtHome(machine => machine with { Disks = [Disk() with { Path = @"\\files\vm\a.vhdx" }] }, CheckSeverity.Overridable, @"\\files\vm"),
        [HomeCheckId.MediaMounted] = AtHome(machine => machine with { MountedMedia = [@"C:\setup.iso"] }, CheckSeverity.Overridable, "setup.iso"),
        [HomeCheckId.HomeAdapterNotConnected] = AtHome(machine => machine with { Adapters = [Adapter() with { Switch = null }] }, CheckSeverity.Overridable, "at none at home"),
        [HomeCheckId.AdapterSettingsDiffer] = AtHome(machine => machine with { Adapters = [Adapter() with { Vlan = "access 12" }] }, CheckSeverity.Overridable, "VLAN none at the recovery side, access 12 at home"),
        [HomeCheckId.AdapterFeatureRequired] = AtHome(machine => machine with { Adapters = [Adapter() with { RequiredFeatures = ["filter"] }] }, CheckSeverity.Overridable, "lan requires filter"),
        [HomeCheckId.DynamicMacAddressChanges] = AtRecovery(machine => machine with { Adapters = [Adapter() with { MacAddress = "00155D0B0001" }] }, CheckSeverity.Overridable, "lan 00155D0B0001"),
        [HomeCheckId.MacAddressRangesOverlap] = Recovery(there => there with { MinimumMacAddress = "00155D0A0080", MaximumMacAddress = "00155D0A01FF" }, CheckSeverity.Informational, "00155D0A0080"),
        [HomeCheckId.FailoverAddressNotTaken] = Both(
            there => Change(there, machine => machine with { DataExchangeService = 12 }),
            home => Change(home, machine => machine with { Adapters = [Adapter() with { HasFailoverAddress = true }] }), CheckSeverity.Overridable, "status 12"),
        [HomeCheckId.GuestShutdownNotAvailable] = AtRecovery(machine => machine with { ShutdownService = 0 }, CheckSeverity.Overridable, "is not there"),
        [HomeCheckId.SavedAtHostShutdown] = AtRecovery(machine => machine with { ShutdownAction = 3 }, CheckSeverity.Informational, "saves"),
        [HomeCheckId.SettingsDiffer] = AtHome(machine => machine with { Replication = machine.Replication! with { Interval = 30 } }, CheckSeverity.Informational, "300 at the recovery side, 30 at home"),
    };

    public static TheoryData<string> Checks => [.. AllIds];

    public static TheoryData<string> ChecksWithProblem => [.. Problems.Keys];

    [Fact]
    public void Every_check_has_a_problem_here() => Problems.Keys.Append(HomeCheckId.ClocksApart).ShouldBe(AllIds, ignoreOrder: true);

    [Fact]
    public void Checks_come_in_the_order_of_their_ids() => Make(RecoverySide(), HomeSide()).Select(check => check.Id).ShouldBe(AllIds);

    [Theory]
    [MemberData(nameof(Checks))]
    public void Pair_that_fits_passes_and_says_what_was_seen(string id)
    {
        var check = Make(RecoverySide(), HomeSide(), TimeSpan.FromSeconds(1)).Single(check => check.Id == id);

        check.Passed.ShouldBeTrue(check.Observed);
        check.Observed.ShouldNotContain("not checked");
        check.Remedy.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void What_no_host_shows_holds_nothing_up_and_says_so(string id)
    {
        var nothing = new HomeMachine { Name = "sql-01", EnabledState = EnabledState.Running, Mode = ReplicationMode.Replica, State = ReplicationState.Replicating };
        var recovery = new HomeFacts { Id = Id, Clock = Now, Machine = nothing };

        var check = Make(recovery, recovery with { }).Single(check => check.Id == id);

        check.Passed.ShouldBeTrue(check.Observed);
        check.Observed.ShouldContain(id is HomeCheckId.DiskMergePending or HomeCheckId.SettingsDiffer or HomeCheckId.MachineOperationInProgress ? "" : "not checked");
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Home_without_a_copy_is_not_compared_with(string id)
    {
        var check = Make(RecoverySide(), HomeSide() with { Machine = null }).Single(check => check.Id == id);

        check.Passed.ShouldBeTrue(check.Observed);
    }

    [Theory]
    [MemberData(nameof(ChecksWithProblem))]
    public void Problem_fails_its_check_alone_with_what_was_seen_and_what_to_do(string id)
    {
        var (recovery, home, severity, seen) = Problems[id];

        var failed = Make(recovery(RecoverySide()), home(HomeSide())).Where(check => !check.Passed).ShouldHaveSingleItem();

        (failed.Id, failed.Severity).ShouldBe((id, severity));
        failed.Observed.ShouldContain(seen);
        failed.Remedy.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(60, true, CheckSeverity.Overridable)]
    [InlineData(-61, false, CheckSeverity.Overridable)]
    [InlineData(299, false, CheckSeverity.Overridable)]
    [InlineData(-300, false, CheckSeverity.Blocking)]
    public void Clocks_ask_from_a_minute_on_and_block_from_five(int seconds, bool passed, CheckSeverity severity)
    {
        var check = Make(RecoverySide(), HomeSide(), TimeSpan.FromSeconds(seconds))[0];

        (check.Id, check.Passed, check.Severity).ShouldBe((HomeCheckId.ClocksApart, passed, severity));
    }

    [Fact]
    public void Cluster_must_be_authorized_by_its_brokers_name()
    {
        var recovery = Change(RecoverySide() with { IsClusterNode = true }, machine => machine with { Replication = machine.Replication! with { OwnConnectionPoint = "broker-west.contoso.test" } });

        Check(recovery, HomeSide(), HomeCheckId.HomeDoesNotAuthorizeRecovery).Passed.ShouldBeFalse();
        Check(recovery, HomeSide() with { AllowedPrimaries = ["BROKER-west.contoso.test"] }, HomeCheckId.HomeDoesNotAuthorizeRecovery).Passed.ShouldBeTrue();
        Check(recovery, HomeSide() with { AllowedPrimaries = ["*"] }, HomeCheckId.HomeDoesNotAuthorizeRecovery).Passed.ShouldBeTrue();
    }

    [Fact]
    public void Certificates_do_not_matter_with_kerberos()
    {
        var recovery = Change(RecoverySide() with { Certificates = [] }, machine => machine with { Replication = machine.Replication! with { Authentication = AuthenticationType.Kerberos } });

        Check(recovery, HomeSide(), HomeCheckId.RecoveryCertificateNotValid).Passed.ShouldBeTrue();
    }

    [Fact]
    public void Difference_disk_of_a_failover_is_no_pending_merge()
    {
        var recovery = Change(RecoverySide(), machine => machine with { State = ReplicationState.Recovered, Disks = [Disk() with { Path = @"D:\vm\a_1.avhdx" }] });

        Check(recovery, HomeSide(), HomeCheckId.DiskMergePending).Passed.ShouldBeTrue();
        Check(Change(recovery, machine => machine with { OperationInProgress = OperationalStatus.MergingDisks }), HomeSide(), HomeCheckId.DiskMergePending).Passed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(OperationalStatus.MergingDisks, true)]
    [InlineData(OperationalStatus.WaitingToStart, true)]
    [InlineData(OperationalStatus.MigratingVirtualMachine, false)]
    // Whatever a newer host does with it.
    [InlineData((OperationalStatus)32_790, false)]
    public void Host_that_works_on_the_machine_is_asked_about(OperationalStatus work, bool passed)
        => Check(Change(RecoverySide(), machine => machine with { OperationInProgress = work }), HomeSide(), HomeCheckId.MachineOperationInProgress).Passed.ShouldBe(passed);

    [Fact]
    public void Unknown_fact_says_why_it_is_unknown()
    {
        var home = HomeSide() with { SupportedVersions = null, Unread = [new UnreadFact(HomeSubject.SupportedVersions, "no such class")] };

        Check(RecoverySide(), home, HomeCheckId.ConfigurationVersionNotSupported).Observed.ShouldContain("no such class");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Vlan_that_is_set_at_home_may_be_another_and_the_rest_of_the_adapter_may_not(bool planned)
    {
        var home = Change(HomeSide(), machine => machine with { Adapters = [Adapter() with { Vlan = "access 12", AccessControls = 3 }] });
        var rules = HomeReadinessRules.Default with { PlannedVlans = planned ? [Adapter().Id.ToLowerInvariant()] : [] };

        var check = HomeReadinessChecks.Make(RecoverySide(), home, clocksApart: null, Now, rules).Single(check => check.Id == HomeCheckId.AdapterSettingsDiffer);

        check.Passed.ShouldBeFalse();
        check.Observed.Contains("VLAN", StringComparison.Ordinal).ShouldBe(!planned);
        check.Observed.ShouldContain("3 at home");
    }

    [Fact]
    public void Facts_of_two_machines_are_refused()
    {
        var other = VirtualMachineId.Parse("2F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01");

        Should.Throw<ArgumentException>(() => Make(RecoverySide(), HomeSide() with { Id = other })).Message.ShouldContain(other.ToString());
    }

    private static IReadOnlyList<ReadinessCheck> Make(HomeFacts recovery, HomeFacts home, TimeSpan? apart = null) => HomeReadinessChecks.Make(recovery, home, apart, Now);

    private static ReadinessCheck Check(HomeFacts recovery, HomeFacts home, string id) => Make(recovery, home).Single(check => check.Id == id);

    private static HomeFacts RecoverySide() => new()
    {
        Id = Id,
        Clock = Now,
        HostName = "HV-WEST-01",
        IsClusterNode = false,
        ReplicaServer = new ReplicaServer(true, 3, 80, 443, null) { CertificateThumbPrint = "AA01" },
        AllowedPrimaries = ["hv-east-01.contoso.test"],
        SupportedVersions = ["10.0"],
        MinimumMacAddress = "00155D0C0000",
        MaximumMacAddress = "00155D0C00FF",
        FreeMemoryBytes = 1L << 36,
        Switches = ["west"],
        Volumes = [new Volume(@"D:\", null, 50, 100)],
        Connection = new HomeConnection("hv-east-01.contoso.test:443", 443, true, "the host reached it"),
        Certificates = [new("AA01", "CN=west", Now.AddYears(-1), Now.AddYears(1))],
        Machine = Machine("AA01", "hv-west-01.contoso.test", "hv-east-01.contoso.test") with { EnabledState = EnabledState.Running, ShutdownService = 2, DataExchangeService = 2 },
    };

    private static HomeFacts HomeSide() => new()
    {
        Id = Id,
        Clock = Now,
        HostName = "HV-EAST-01",
        IsClusterNode = false,
        ReplicaServer = new ReplicaServer(true, 3, 80, 443, null) { CertificateThumbPrint = "BB02" },
        AllowedPrimaries = ["hv-west-01.contoso.test"],
        SupportedVersions = ["9.0", "10.0"],
        MinimumMacAddress = "00155D0A0000",
        MaximumMacAddress = "00155D0A00FF",
        FreeMemoryBytes = 1L << 36,
        Switches = ["east"],
        Volumes = [new Volume(@"D:\", null, 50, 100)],
        Connection = new HomeConnection("hv-west-01.contoso.test:443", 443, true, "the host reached it"),
        Certificates = [new("BB02", "CN=east", Now.AddYears(-1), Now.AddYears(1))],
        Machine = Machine("BB02", "hv-east-01.contoso.test", "hv-west-01.contoso.test"),
    };

    private static HomeMachine Machine(string thumbprint, string own, string peer) => new()
    {
        Name = "sql-01",
        EnabledState = EnabledState.Off,
        Mode = ReplicationMode.Replica,
        State = ReplicationState.Replicating,
        Version = "10.0",
        Generation = "Microsoft:Hyper-V:SubType:2",
        SecureBootEnabled = true,
        SecureBootTemplate = "1734c6e8",
        ShutdownAction = 4,
        TpmEnabled = false,
        Shielded = false,
        StartupMemoryBytes = 4L << 30,
        DynamicMemory = false,
        Adapters = [Adapter()],
        Disks = [Disk()],
        MountedMedia = [],
        Devices = [],
        Checkpoints = [],
        Replication = new HomeReplication
        {
            IsExternal = false,
            Authentication = AuthenticationType.Certificate,
            CertificateThumbprint = thumbprint,
            OwnHost = own,
            OwnConnectionPoint = own,
            PeerHost = peer,
            PeerConnectionPoint = peer,
            Interval = 300,
            RecoveryHistory = 4,
            ApplicationConsistentInterval = 0,
        },
    };

    private static HomeDisk Disk() => new(@"C\0\0\L", @"D:\vm\a.vhdx", 1L << 30, Shared: false, Replicated: true);

    private static HomeAdapter Adapter() => new()
    {
        Id = @"Microsoft:1F0C\A1",
        Name = "lan",
        MacAddress = "00155D0A0001",
        StaticMacAddress = false,
        Switch = "prod",
        AccessControls = 0,
        IovWeight = 0,
        HasFailoverAddress = false,
    };

    private static HomeFacts Change(HomeFacts facts, Func<HomeMachine, HomeMachine> change) => facts with { Machine = change(facts.Machine!) };

    private static (Func<HomeFacts, HomeFacts>, Func<HomeFacts, HomeFacts>, CheckSeverity, string) Both(
        Func<HomeFacts, HomeFacts> recovery, Func<HomeFacts, HomeFacts> home, CheckSeverity severity, string seen) => (recovery, home, severity, seen);

    private static (Func<HomeFacts, HomeFacts>, Func<HomeFacts, HomeFacts>, CheckSeverity, string) Recovery(Func<HomeFacts, HomeFacts> change, CheckSeverity severity, string seen)
        => Both(change, home => home, severity, seen);

    private static (Func<HomeFacts, HomeFacts>, Func<HomeFacts, HomeFacts>, CheckSeverity, string) Home(Func<HomeFacts, HomeFacts> change, CheckSeverity severity, string seen)
        => Both(there => there, change, severity, seen);

    private static (Func<HomeFacts, HomeFacts>, Func<HomeFacts, HomeFacts>, CheckSeverity, string) AtRecovery(Func<HomeMachine, HomeMachine> change, CheckSeverity severity, string seen)
        => Both(there => Change(there, change), home => home, severity, seen);

    private static (Func<HomeFacts, HomeFacts>, Func<HomeFacts, HomeFacts>, CheckSeverity, string) AtHome(Func<HomeMachine, HomeMachine> change, CheckSeverity severity, string seen)
        => Both(there => there, home => Change(home, change), severity, seen);
}
