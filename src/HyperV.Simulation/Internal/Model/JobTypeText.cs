using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>How jobs are called. On a real host this text is localised.</summary>
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
