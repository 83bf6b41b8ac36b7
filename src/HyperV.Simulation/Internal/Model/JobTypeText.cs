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
        JobType.Resynchronizing => "Resynchronizing",
        JobType.InitiateFailback => "Initiating Failback",
        JobType.Backup => "Backing Up Virtual Machine",
        _ => $"Virtual Machine Operation {type:D}",
    };
}
