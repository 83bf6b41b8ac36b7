using System.Globalization;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>The error of a job that did not succeed.</summary>
/// <param name="Summary">One sentence.</param>
/// <param name="Message">The full text: virtual machine, error code, identifier.</param>
internal sealed record SimulatedJobError(string Summary, string Message)
{
    public static SimulatedJobError? Of(Job job)
    {
        if (!job.IsTerminal || (job.Ending.ErrorCode == 0 && job.State == JobState.Completed))
        {
            return null;
        }

        var machine = job.Machine.Name;
        var ending = job.Ending;
        var what = job.IsFailback ? "Failback" : JobTypeText.Of(job.Type);
        var summary = job.State switch
        {
            JobState.CompletedWithWarnings => $"{what} of virtual machine '{machine}' completed with warnings.",
            JobState.Terminated => $"{what} of virtual machine '{machine}' was terminated.",
            _ => $"{what} of virtual machine '{machine}' failed.",
        };
        var detail = ending.ErrorDescription ?? Cause(ending.ErrorCode);
        return new SimulatedJobError(summary, string.Create(
            CultureInfo.InvariantCulture, $"{summary} {detail} ({Hresult(job)}). (Virtual machine ID {CimText.Guid(job.Machine.Id)})"));
    }

    private static string Cause(ushort code) => code switch
    {
        0 => "The operation was terminated before it finished.",
        32769 => "Access is denied.",
        32770 => "The operation is not supported.",
        32771 => "The status is unknown.",
        32772 => "The operation timed out.",
        32773 => "A parameter is not valid.",
        32774 => "The virtual machine is in use.",
        32775 => "The virtual machine is not in a valid state for the operation.",
        32776 => "A parameter has the wrong data type.",
        32777 => "The other site is not available.",
        32778 => "There is not enough memory.",
        32779 => "A file was not found.",
        _ => "An unspecified error occurred.",
    };

    private static string Hresult(Job job) => (job.State, job.Ending.ErrorCode) switch
    {
        (JobState.Terminated, _) => "0x80004004",
        (_, 32769) => "0x80070005",
        (_, 32777) => "0x00002EFD",
        (_, 32779) => "0x80070002",
        _ => "0x80004005",
    };
}

/// <summary>Job captions. On a real host this text is localised.</summary>
internal static class JobTypeText
{
    public static string Of(JobType type) => type switch
    {
        JobType.StartVirtualMachine => "Starting Virtual Machine",
        JobType.PowerOffVirtualMachine => "Turning Off Virtual Machine",
        JobType.MergeDisks => "Merging Disks",
        JobType.ExportVirtualMachine => "Exporting Virtual Machine",
        JobType.CreateSnapshot => "Creating Checkpoint",
        JobType.ApplySnapshot => "Applying Checkpoint",
        JobType.DeleteSnapshot => "Deleting Checkpoint",
        JobType.SaveVirtualMachine => "Saving Virtual Machine",
        JobType.RestoreVirtualMachine => "Restoring Virtual Machine",
        JobType.ShutDownVirtualMachine => "Shutting Down Virtual Machine",
        JobType.ModifyReplicationRelationship => "Changing Replication Settings",
        JobType.RemoveReplicationRelationship => "Removing Replication Relationship",
        JobType.StartNetworkInitialReplication => "Starting Initial Replication",
        JobType.CreateReplicationRelationship => "Creating Replication Relationship",
        JobType.ImportInitialReplica => "Importing Initial Replica",
        JobType.StartExportInitialReplication => "Exporting Initial Replica",
        JobType.StartResynchronizeInitialReplication => "Starting Initial Replication by Resynchronization",
        JobType.ResynchronizingExtended => "Resynchronizing Extended Replica",
        JobType.ModifyVirtualMachine => "Modifying Virtual Machine",
        JobType.ReplicationStateChange => "Changing Replication State",
        JobType.InitiateFailover => "Initiating Failover",
        JobType.RevertFailover => "Cancelling Failover",
        JobType.CommitFailover => "Completing Failover",
        JobType.InitiateSyncedReplication => "Preparing Planned Failover",
        JobType.CancelSyncedReplication => "Cancelling Planned Failover",
        JobType.InitiateTestReplica => "Starting Test Failover",
        JobType.RemoveTestReplica => "Removing Test Failover",
        JobType.ReverseReplication => "Reversing Replication",
        JobType.StopInitialReplication => "Stopping Initial Replication",
        JobType.StopResynchronization => "Stopping Resynchronization",
        JobType.ChangeReplicationModeToPrimary => "Changing Replication Mode to Primary",
        JobType.Resynchronizing => "Resynchronizing",
        JobType.InitiateFailback => "Initiating Failback",
        JobType.ResetReplicationStatistics => "Resetting Replication Statistics",
        JobType.Backup => "Backing Up Virtual Machine",
        _ => $"Virtual Machine Operation {type:D}",
    };
}
