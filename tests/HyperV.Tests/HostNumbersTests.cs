using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests;

/// <summary>The numbers that hosts send, each under the name this product gives it. One slip here would misread a host.</summary>
public sealed class HostNumbersTests
{
    [Fact]
    public void Cluster_resource_states_have_the_clusters_numbers()
        => Enum.GetValues<ClusterResourceState>().Select(state => $"{state:D} {state}").Order(StringComparer.Ordinal).ShouldBe(
            ["-1 Unknown", "0 Inherited", "1 Initializing", "128 Pending", "129 OnlinePending", "130 OfflinePending", "2 Online", "3 Offline", "4 Failed"]);

    [Fact]
    public void Replication_states_have_the_hosts_numbers() => NumbersOf<ReplicationState>().ShouldBe(
        "0 Disabled, 1 Ready, 2 WaitingToCompleteInitialReplication, 3 Replicating, 4 SyncedReplicationComplete, 5 Recovered, 6 Committed, "
        + "7 Suspended, 8 Critical, 9 WaitingForStartResynchronize, 10 Resynchronizing, 11 ResynchronizeSuspended, 12 RecoveryInProgress, "
        + "13 FailbackInProgress, 14 FailbackComplete, 15 WaitingForUpdateCompletion, 16 UpdateCritical, 17 Unknown, "
        + "18 WaitingForRepurposeCompletion, 19 PreparedForSyncReplication, 20 PreparedForGroupReverseReplication, 21 FiredrillInProgress");

    [Fact]
    public void Modes_health_and_types_of_replication_have_the_hosts_numbers()
    {
        NumbersOf<ReplicationMode>().ShouldBe("0 None, 1 Primary, 2 Replica, 3 TestReplica, 4 ExtendedReplica");
        NumbersOf<ReplicationHealth>().ShouldBe("0 NotApplicable, 1 Ok, 2 Warning, 3 Critical");
        NumbersOf<ReplicationType>().ShouldBe("0 None, 1 Regular, 2 ApplicationConsistent, 3 Planned");
        NumbersOf<AuthenticationType>().ShouldBe("1 Kerberos, 2 Certificate");
    }

    [Fact]
    public void Enabled_states_have_the_hosts_numbers() => NumbersOf<EnabledState>().ShouldBe(
        "0 Unknown, 1 Other, 2 Running, 3 Off, 4 Stopping, 6 Saved, 9 Paused, 10 Starting, 11 Reset, 32773 Saving, 32776 Pausing, 32777 Resuming, "
        + "32779 FastSaved, 32780 FastSaving, 32781 ForceShutdown, 32782 ForceReboot, 32783 Hibernated, 32784 ComponentServicing");

    [Fact]
    public void Operational_statuses_have_the_hosts_numbers() => NumbersOf<OperationalStatus>().ShouldBe(
        "2 Ok, 3 Degraded, 5 PredictiveFailure, 11 InService, 32768 CreatingSnapshot, 32769 ApplyingSnapshot, 32770 DeletingSnapshot, "
        + "32771 WaitingToStart, 32772 MergingDisks, 32773 ExportingVirtualMachine, 32774 MigratingVirtualMachine");

    [Fact]
    public void Job_states_have_the_hosts_numbers() => NumbersOf<JobState>().ShouldBe(
        "2 New, 3 Starting, 4 Running, 5 Suspended, 6 ShuttingDown, 7 Completed, 8 Terminated, 9 Killed, 10 Exception, 11 Service, 12 QueryPending, "
        + "32768 CompletedWithWarnings");

    [Fact]
    public void Every_type_of_replication_job_from_90_to_125_has_a_name()
        => Enumerable.Range(90, 36).Where(number => !Enum.IsDefined((JobType)number)).ShouldBeEmpty();

    [Theory]
    [InlineData(97, JobType.InitiateFailover)]
    [InlineData(98, JobType.RevertFailover)]
    [InlineData(99, JobType.CommitFailover)]
    [InlineData(100, JobType.InitiateSyncedReplication)]
    [InlineData(104, JobType.ReverseReplication)]
    [InlineData(107, JobType.Resynchronizing)]
    [InlineData(115, JobType.TestReplicationConnection)]
    [InlineData(123, JobType.ChangeReplicationModeToPrimary)]
    [InlineData(124, JobType.InitiateFailback)]
    [InlineData(50, JobType.MergeDisks)]
    [InlineData(62, JobType.ExportVirtualMachine)]
    [InlineData(70, JobType.CreateSnapshot)]
    [InlineData(71, JobType.ApplySnapshot)]
    [InlineData(72, JobType.DeleteSnapshot)]
    [InlineData(170, JobType.Backup)]
    public void Job_types_that_matter_have_the_hosts_numbers(int number, JobType type) => ((int)type).ShouldBe(number);

    private static string NumbersOf<T>()
        where T : struct, Enum
        => string.Join(", ", Enum.GetValues<T>().Order().Select(value => $"{value:D} {value}"));
}
