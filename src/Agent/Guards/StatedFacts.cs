using System.Globalization;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Guards;

/// <summary>What a host shows of a machine, in lines for a person, and what that means during an outage.</summary>
internal static class StatedFacts
{
    /// <summary>The lines.</summary>
    /// <param name="reading">What the host shows.</param>
    /// <param name="hostName">The host.</param>
    /// <param name="readTime">When it was read.</param>
    /// <param name="open">What the agent's journal says; null when its operations have left nothing open.</param>
    public static IEnumerable<string> Of(MachineReading reading, string hostName, DateTimeOffset readTime, OpenWork? open)
    {
        var machine = reading.Machine ?? throw new ArgumentException("The host does not have the machine.", nameof(reading));
        var relationship = machine.Relationship;
        yield return Line("machine", $"{machine.Name} ({machine.Id}) on {hostName}, read {Text(readTime)}");
        yield return Line("replication", $"{Numbered(machine.ReplicationMode)}, {Numbered(machine.ReplicationState)}, other host {OutageAdvice.OtherHostOf(machine) ?? "not named"}");
        yield return Line("power", $"{Numbered(machine.EnabledState)}{(machine.PowerSince is { } since ? $" since {Text(since)}" : "")}");
        yield return Line("startup", reading.StartupAction switch
        {
            StartupAction.None => "None (2): the host does not start it by itself",
            StartupAction.RestartIfRunning => "RestartIfRunning (3): the host starts it if it ran when the host went down",
            StartupAction.Always => "Always (4): the host starts it",
            { } other => Numbered(other),
            null => "not reported",
        });
        yield return Line("last change", relationship is null ? "not replicated" : $"{Numbered(relationship.LastReplicationType)}{(relationship.LastReplicationTime is { } last ? $", {Text(last)}" : "")}");
        yield return Line("failed over", relationship is null ? "not replicated" : Numbered(relationship.FailedOverReplicationType));
        yield return Line("jobs", reading.Jobs.Count == 0 ? "none" : string.Join(", ", reading.Jobs.Select(job => $"{job.JobType?.ToString() ?? "unknown"} {job.PercentComplete ?? 0} %")));
        yield return Line("tests", reading.TestMachines.Count == 0 ? "none" : $"test machines {string.Join(", ", reading.TestMachines)}");
        yield return Line("journal", open is null ? "no step of this agent waits for a next one" : $"{Name(open.Work)} by this agent since {Text(open.Since)}, last step {Text(open.LastStep)}");
        yield return Line("outage", Meaning(reading, machine));
        yield return Line("proof", !OutageAdvice.IsOffAndNotFailedOver(machine)
                ? "none: it is not both off and a replica that is not failed over. It must not be started on the other host because of this"
            : reading.Jobs.Count > 0 ? "none yet: a job runs on it; read again when it has ended"
            : "off and not failed over, so that it cannot be started here as it is");
    }

    /// <summary>A state in the words of a sentence.</summary>
    public static string StateOf(VirtualMachine machine)
        => $"{Numbered(machine.EnabledState)}, {Numbered(machine.ReplicationMode)}, {Numbered(machine.ReplicationState)}";

    private static string Meaning(MachineReading reading, VirtualMachine machine)
        => !reading.ServiceAnswers ? "unknown: the replication service does not answer, and what is shown of the replication proves nothing"
            : machine.EnabledState != EnabledState.Off && !machine.HasSavedState ? "none here: it is not off. It must not be started on the other host"
            : OutageAdvice.Judge(UnfinishedWork.Stopped, reading) is { } work ? $"{OutageAdvice.For(work, machine)}{(work == UnfinishedWork.FailedOver ? PointOf(machine) : "")}"
            : "none to end here: it is a replica that receives, and production is on the other host or nowhere";

    private static string PointOf(VirtualMachine machine) => machine.Relationship?.FailedOverReplicationType == ReplicationType.Planned
        ? " Its failover is of the planned kind."
        : " Its failover is NOT of the planned kind: writes are missing.";

    private static string Name(UnfinishedWork work) => work switch
    {
        UnfinishedWork.Stopped => "stopped",
        UnfinishedWork.Prepared => "prepared for a planned failover",
        UnfinishedWork.FailedOver => "failed over",
        _ => "fenced",
    };

    private static string Line(string name, string value) => $"{name + ":",-13}{value}";

    private static string Numbered<T>(T value)
        where T : struct, Enum => $"{value} ({Convert.ToInt64(value, CultureInfo.InvariantCulture)})";

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}
