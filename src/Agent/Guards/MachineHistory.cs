using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Guards;

/// <summary>Where the operations of an agent have left a machine. The numbers equal those of the contract.</summary>
internal enum UnfinishedWork
{
    /// <summary>It was stopped and not started again.</summary>
    Stopped = 1,

    /// <summary>It was prepared for a planned failover.</summary>
    Prepared = 2,

    /// <summary>It was failed over.</summary>
    FailedOver = 3,

    /// <summary>It is not started by the host.</summary>
    Fenced = 4,
}

/// <summary>A machine that has had no last step yet, by the journal alone.</summary>
/// <param name="VirtualMachineId">The machine, upper case.</param>
/// <param name="Name">Its name at the last step.</param>
/// <param name="Work">Where its operations have left it.</param>
/// <param name="Since">When it was taken out of production, or fenced.</param>
/// <param name="LastStep">When its last step ended.</param>
/// <param name="Ordinal">The journal's number of the last step.</param>
internal sealed record OpenWork(string VirtualMachineId, string Name, UnfinishedWork Work, DateTimeOffset Since, DateTimeOffset LastStep, long Ordinal)
{
    /// <summary>How long a machine may be left so before it is reported.</summary>
    public TimeSpan Patience => Work == UnfinishedWork.Fenced ? TimeSpan.FromHours(24) : TimeSpan.FromMinutes(10);
}

/// <summary>What the journal says of the machines that were moved between two hosts.</summary>
internal static class MachineHistory
{
    private static readonly string[] Finishing = ["start-machine", "reverse-replication", "revert-failover", "become-replica"];

    /// <summary>The kinds of operation that matter here.</summary>
    public static IReadOnlyCollection<string> Kinds { get; } =
        ["shut-down-guest", "turn-off", "fence", "unfence", "prepare-planned-failover", "cancel-planned-failover", "fail-over", .. Finishing];

    /// <summary>The machines that wait for a next step of this agent's, by the journal alone: the host decides whether they still do.</summary>
    /// <param name="steps">The steps in the order of acceptance.</param>
    public static IReadOnlyList<OpenWork> FindOpen(IEnumerable<MachineStep> steps)
    {
        var open = new Dictionary<string, OpenWork>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in steps)
        {
            var before = open.GetValueOrDefault(step.VirtualMachineId);
            // A call that failed may still take effect: a guest that did not shut down in time does so later. The host is read before anything is said.
            UnfinishedWork? taken = step.Kind switch
            {
                "shut-down-guest" or "turn-off" => UnfinishedWork.Stopped,
                "prepare-planned-failover" => UnfinishedWork.Prepared,
                "fail-over" => UnfinishedWork.FailedOver,
                "fence" => before?.Work ?? UnfinishedWork.Fenced,
                // Unlocked is not started.
                "cancel-planned-failover" => UnfinishedWork.Stopped,
                "unfence" when before is { Work: not UnfinishedWork.Fenced } => before.Work,
                _ => null,
            };
            if (taken is { } work)
            {
                var since = before is { Work: not UnfinishedWork.Fenced } ? before.Since : step.Time;
                open[step.VirtualMachineId] = new OpenWork(step.VirtualMachineId, step.VirtualMachineName, work, since, step.Time, step.Ordinal);
            }
            else if (step.Outcome.IsSuccess())
            {
                open.Remove(step.VirtualMachineId);
            }
        }

        return [.. open.Values.OrderBy(machine => machine.Since).ThenBy(machine => machine.VirtualMachineId, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The machines that this agent has taken out of production here, and whose place is therefore elsewhere or not decided yet. A step that failed took
    /// nothing; one whose outcome is unknown may have.
    /// </summary>
    /// <param name="steps">The steps in the order of acceptance.</param>
    public static IReadOnlyList<MachineStep> FindHandedOver(IEnumerable<MachineStep> steps)
    {
        var last = new Dictionary<string, MachineStep>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in steps.Where(step => step.Kind != "fence" && step.Outcome != OperationState.Failed))
        {
            last[step.VirtualMachineId] = step;
        }

        return [.. last.Values.Where(step => step.Kind is "become-replica" or "prepare-planned-failover" or "turn-off" or "shut-down-guest").OrderBy(step => step.Ordinal)];
    }
}
