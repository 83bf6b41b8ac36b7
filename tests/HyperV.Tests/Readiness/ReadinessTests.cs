using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;
using static HostAgent.HyperV.Tests.Readiness.ReportAssertions;

namespace HostAgent.HyperV.Tests.Readiness;

public sealed partial class ReadinessTests
{
    private readonly ScriptedHost _script = new();

    private Task<ReadinessReport> CheckAsync(MachineScript? machine = null, RecoveryPointSelector? selector = null)
        => CheckAsync(_script.AddMachine(machine ?? new MachineScript()), selector);

    private Task<ReadinessReport> CheckAsync(VirtualMachineId id, RecoveryPointSelector? selector = null)
        => _script.Host.CheckReadinessAsync(id, selector ?? RecoveryPointSelector.Latest, CancellationToken.None);

    [Fact]
    public async Task A_committed_replica_that_is_off_is_ready_without_a_question()
    {
        var report = await CheckAsync();
        report.Ready.ShouldBeTrue();
        report.Obstacles([]).ShouldBeEmpty();
        report.Time.ShouldBe(ScriptedHost.Now);
        report.VirtualMachine!.Name.ShouldBe("sql-01");
        report.Checks.Where(c => !c.Passed).Select(c => c.Id).ShouldBe([ReadinessCheckId.ReplicationHealthWarning]);
        report.Checks.Where(c => c.Passed).ShouldAllBe(c => c.Remedy == "" && c.Observed != "");
    }

    [Fact]
    public async Task Every_check_is_made_in_the_published_order()
    {
        var published = typeof(ReadinessCheckId).GetFields().Select(f => (string)f.GetRawConstantValue()!).ToList();
        (await CheckAsync()).Checks.Select(c => c.Id).ShouldBe(published);
    }

    [Fact]
    public async Task A_preflight_makes_eleven_calls_and_one_a_disk_and_changes_nothing()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.AddImageService(_ => ScriptedHost.DiskFile(4096));
        _script.AddDisk(id, 0, @"D:\a.vhdx");
        _script.AddDisk(id, 1, @"D:\b.vhdx");
        await CheckAsync(id);
        _script.Session.Calls.Count.ShouldBe(11 + 2);
        _script.Session.Calls.ShouldAllBe(c => !c.StartsWith("Invoke", StringComparison.Ordinal) || c.EndsWith(".GetVirtualHardDiskSettingData", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_replication_service_it_blocks()
    {
        _script.Session.Remove(ScriptedHost.ServicePath);
        ShouldFail(await CheckAsync(), ReadinessCheckId.ReplicationServiceNotAvailable, CheckSeverity.Blocking, "Msvm_ReplicationService");
    }

    [Fact]
    public async Task A_machine_that_is_not_here_ends_the_checks()
    {
        var report = await CheckAsync(new VirtualMachineId(Guid.Empty));
        report.Ready.ShouldBeFalse();
        report.Checks.Select(c => c.Id).ShouldBe([ReadinessCheckId.ReplicationServiceNotAvailable, ReadinessCheckId.VirtualMachineNotFound]);
        report.VirtualMachine.ShouldBeNull();
    }

    [Fact]
    public async Task Another_machine_of_the_same_name_is_told()
    {
        var other = VirtualMachineId.Parse("2F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E02");
        _script.AddMachine(new MachineScript { Id = other, Name = "SQL-01" });
        ShouldFail(await CheckAsync(), ReadinessCheckId.VirtualMachineNameNotUnique, CheckSeverity.Informational, other.ToString());
    }

    [Theory]
    [InlineData(ReplicationMode.None)]
    [InlineData(ReplicationMode.Primary)]
    [InlineData(ReplicationMode.TestReplica)]
    public async Task A_machine_that_is_no_replica_blocks(ReplicationMode mode)
        => ShouldFail(await CheckAsync(new MachineScript { Mode = mode }), ReadinessCheckId.NotAReplica, CheckSeverity.Blocking, $"({(int)mode})");

    [Fact]
    public async Task A_machine_without_a_relationship_blocks()
        => ShouldFail(await CheckAsync(new MachineScript { State = null }), ReadinessCheckId.ReplicationRelationshipMissing, CheckSeverity.Blocking, "no primary");

    [Fact]
    public async Task A_relationship_without_settings_blocks()
        => ShouldFail(await CheckAsync(new MachineScript { HasSettings = false }), ReadinessCheckId.ReplicationRelationshipMissing, CheckSeverity.Blocking, "without settings");

    [Theory]
    [InlineData(3, "Replicating (3), which PowerShell shows as Replicating, allowed Recovered (5) or Committed (6)")]
    [InlineData(7, "PowerShell shows as Suspended")]
    [InlineData(8, "Critical (8), which PowerShell shows as Error")]
    [InlineData(10, "Resynchronizing (10)")]
    [InlineData(13, "FailbackInProgress (13)")]
    [InlineData(14, "FailbackComplete (14)")]
    [InlineData(99, "replication state 99, allowed")]
    public async Task A_state_that_is_not_allowed_blocks_and_is_shown_in_both_countings(int state, string observed)
        => ShouldFail(
            await CheckAsync(new MachineScript { State = (ReplicationState)state, Health = ReplicationHealth.Ok }),
            ReadinessCheckId.ReplicationStateNotAllowed, CheckSeverity.Blocking, observed);

    [Fact]
    public async Task An_extended_relationship_asks()
        => ShouldFail(await CheckAsync(new MachineScript { Extended = true }), ReadinessCheckId.ExtendedReplicationPresent, CheckSeverity.Overridable, "Replicating (3)");

    [Theory]
    [InlineData(EnabledState.Running)]
    [InlineData(EnabledState.Stopping)]
    [InlineData(EnabledState.Paused)]
    public async Task A_machine_that_is_not_off_blocks(EnabledState state)
        => ShouldFail(await CheckAsync(new MachineScript { EnabledState = state }), ReadinessCheckId.VirtualMachineNotOff, CheckSeverity.Blocking, $"({(int)state})");

    [Theory]
    [InlineData(EnabledState.Saved)]
    [InlineData(EnabledState.FastSaved)]
    [InlineData(EnabledState.Hibernated)]
    public async Task A_saved_state_blocks_by_its_own_name(EnabledState state)
        => ShouldFail(await CheckAsync(new MachineScript { EnabledState = state }), ReadinessCheckId.SavedStatePresent, CheckSeverity.Blocking, $"({(int)state})");

    [Fact]
    public async Task A_busy_machine_blocks_and_the_work_is_named()
        => ShouldFail(
            await CheckAsync(new MachineScript { OperationalStatus = [11, 32772] }), ReadinessCheckId.VirtualMachineBusy, CheckSeverity.Blocking, "MergingDisks (32772)");

    [Fact]
    public async Task An_unfinished_job_blocks_and_is_named_and_a_finished_one_does_not()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.AddJob(id, "done", JobState.Completed, ("JobType", (ushort)70));
        (await CheckAsync(id)).Ready.ShouldBeTrue();
        _script.AddJob(id, "BACKUP-JOB", JobState.Running, ("JobType", (ushort)170), ("PercentComplete", (ushort)30));
        ShouldFail(await CheckAsync(id), ReadinessCheckId.JobInProgress, CheckSeverity.Blocking, "job BACKUP-JOB of type Backup (170) is Running (4) at 30 %");
    }

    [Fact]
    public async Task A_job_in_an_unpublished_state_counts_as_unfinished()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.AddJob(id, "ODD", (JobState)40000);
        ShouldFail(await CheckAsync(id), ReadinessCheckId.JobInProgress, CheckSeverity.Blocking, "40000");
    }

    [Fact]
    public async Task Warning_health_informs_after_a_failover_where_it_is_normal_and_asks_elsewhere()
    {
        ShouldFail(await CheckAsync(), ReadinessCheckId.ReplicationHealthWarning, CheckSeverity.Informational, "Warning (2)");
        var elsewhere = new ScriptedHost();
        var host = new HyperVHost(elsewhere.Session, new FakeTimeProvider(ScriptedHost.Now), new FailbackRules { AllowedStates = [ReplicationState.Replicating] });
        var id = elsewhere.AddMachine(new MachineScript { State = ReplicationState.Replicating });
        var report = await host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None);
        ShouldFail(report, ReadinessCheckId.ReplicationHealthWarning, CheckSeverity.Overridable, "Warning (2)");
        report.Obstacles([ReadinessCheckId.ReplicationHealthWarning]).ShouldBeEmpty("an accepted question is no obstacle");
    }

    [Theory]
    [InlineData(false, CheckSeverity.Overridable)]
    [InlineData(true, CheckSeverity.Blocking)]
    public async Task Critical_health_asks_or_blocks_by_rule(bool blocks, CheckSeverity severity)
    {
        var host = new HyperVHost(_script.Session, new FakeTimeProvider(ScriptedHost.Now), new FailbackRules { CriticalHealthBlocks = blocks });
        var id = _script.AddMachine(new MachineScript { Health = ReplicationHealth.Critical });
        ShouldFail(
            await host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None),
            ReadinessCheckId.ReplicationHealthCritical, severity, "Critical (3)");
    }

    [Fact]
    public async Task The_age_of_the_data_is_told()
        => Find(await CheckAsync(), ReadinessCheckId.LastReplicationTimeUnknown).Observed
            .ShouldBe("last received 2026-03-01T00:00:00Z, 3 h 0 min ago; last applied 2026-03-01T00:00:00Z");

    [Fact]
    public async Task What_was_received_and_is_not_applied_yet_is_told()
        => Find(await CheckAsync(new MachineScript { ApplyLag = TimeSpan.FromMinutes(12) }), ReadinessCheckId.LastReplicationTimeUnknown).Observed
            .ShouldEndWith("; last applied 2026-02-28T23:48:00Z, 12 min behind");

    [Fact]
    public async Task An_unknown_time_of_the_last_replication_asks()
        => ShouldFail(await CheckAsync(new MachineScript { LastReplicationTime = null }), ReadinessCheckId.LastReplicationTimeUnknown, CheckSeverity.Overridable, "unknown");

    [Fact]
    public async Task A_test_failovers_machine_blocks()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.Session.Associate(ScriptedHost.SystemPath(id.ToString()), HyperVClasses.ReplicaSystemDependency, new CimInstance(
            null, HyperVClasses.ComputerSystem, [new("ElementName", "sql-01 - Test")]));
        ShouldFail(await CheckAsync(id), ReadinessCheckId.TestReplicaPresent, CheckSeverity.Blocking, "sql-01 - Test");
    }

    [Theory]
    [InlineData(MachineScript.ExternalProvider, CheckSeverity.Overridable)]
    [InlineData(MachineScript.InBoxProvider, CheckSeverity.Informational)]
    public async Task Ordinary_checkpoints_ask_with_an_external_provider_and_else_inform(string provider, CheckSeverity severity)
    {
        var id = _script.AddMachine(new MachineScript { Provider = provider });
        _script.AddPoint(id, "Microsoft:C", "Microsoft:Hyper-V:Snapshot:Realized", ScriptedHost.Now, "before update");
        ShouldFail(await CheckAsync(id), ReadinessCheckId.CheckpointsPresent, severity, "before update");
    }

    [Fact]
    public async Task A_recovery_point_that_is_gone_blocks()
    {
        var id = _script.AddMachine(new MachineScript { State = ReplicationState.Recovered });
        _script.AddPoint(id, "Microsoft:P1", RecoveryPointTypes.Standard, ScriptedHost.Now.AddHours(-4));
        var report = await CheckAsync(id, RecoveryPointSelector.Exactly("Microsoft:P9"));
        ShouldFail(report, ReadinessCheckId.RecoveryPointGone, CheckSeverity.Blocking, "requested the recovery point Microsoft:P9; 1 recovery points exist");
    }

    [Fact]
    public async Task The_recovery_point_chosen_is_told_and_handed_out()
    {
        var id = _script.AddMachine(new MachineScript { State = ReplicationState.Recovered });
        _script.AddPoint(id, "Microsoft:P1", RecoveryPointTypes.ApplicationConsistent, ScriptedHost.Now.AddHours(-4));
        var report = await CheckAsync(id, RecoveryPointSelector.LatestApplicationConsistent);
        report.RecoveryPoint!.Identifier.ShouldBe("Microsoft:P1");
        Find(report, ReadinessCheckId.RecoveryPointGone).Observed.ShouldContain("Microsoft:P1 of 2026-02-28T23:00:00Z");
    }

    [Fact]
    public async Task The_in_box_provider_is_told()
        => ShouldFail(
            await CheckAsync(new MachineScript { Provider = MachineScript.InBoxProvider }), ReadinessCheckId.InBoxReplicationProvider, CheckSeverity.Informational, "in-box");

    [Fact]
    public async Task Certificate_authentication_without_a_thumbprint_blocks()
        => ShouldFail(
            await CheckAsync(new MachineScript { Provider = MachineScript.InBoxProvider, Settings = [("AuthenticationType", (ushort)2)] }),
            ReadinessCheckId.CertificateThumbprintMissing, CheckSeverity.Blocking, "Certificate (2)");

    [Fact]
    public async Task An_address_instead_of_a_name_is_told()
        => ShouldFail(
            await CheckAsync(new MachineScript { Settings = [("PrimaryConnectionPoint", "10.0.0.7")] }),
            ReadinessCheckId.ConnectionPointIsAddress, CheckSeverity.Informational, "10.0.0.7");

    [Fact]
    public async Task A_machine_that_leaves_during_the_checks_is_not_found()
    {
        var id = _script.AddMachine(new MachineScript());
        _script.Session.FailOn("Associators Msvm_SnapshotOfVirtualSystem Msvm_VirtualSystemSettingData", CimErrorCode.NotFound);
        ShouldFail(await CheckAsync(id), ReadinessCheckId.VirtualMachineNotFound, CheckSeverity.Blocking, id.ToString());
    }

    [Fact]
    public async Task Work_that_would_be_interrupted_asks_and_is_named()
        => ShouldFail(
            await CheckAsync(new MachineScript { OperationalStatus = [2, 32772] }),
            ReadinessCheckId.VirtualMachineWorkInProgress, CheckSeverity.Overridable, "MergingDisks (32772)");

    [Fact]
    public async Task Storage_that_is_gone_blocks()
        => ShouldFail(
            await CheckAsync(new MachineScript { OperationalStatus = [3] }),
            ReadinessCheckId.VirtualMachineStorageDegraded, CheckSeverity.Blocking, "Degraded (3)");

    [Fact]
    public async Task A_disk_that_is_nearly_full_asks()
        => ShouldFail(
            await CheckAsync(new MachineScript { OperationalStatus = [5] }),
            ReadinessCheckId.VirtualMachineDiskNearlyFull, CheckSeverity.Overridable, "PredictiveFailure (5)");

    [Theory]
    [InlineData(20)]
    [InlineData(25)]
    public async Task A_failure_of_the_machine_asks(ushort health)
        => ShouldFail(
            await CheckAsync(new MachineScript { HealthState = health }), ReadinessCheckId.VirtualMachineHealthFailure, CheckSeverity.Overridable, $"health state {health}");

    [Fact]
    public async Task A_provider_that_is_not_registered_asks_and_those_registered_are_named()
        => ShouldFail(
            await CheckAsync(new MachineScript { Provider = MachineScript.ExternalProvider.Replace("7A1E9E8B", "8B2F0F9C", StringComparison.Ordinal) }),
            ReadinessCheckId.ReplicationProviderNotRegistered, CheckSeverity.Overridable, "registered: provider 7A1E, provider 2239");
}
