using System.Globalization;
using HostAgent.HyperV;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;

namespace HostAgent.Agent.Inspection;

/// <summary>Says what the host shows: whether its replication service answers, how many machines it has, and how many could be failed back.</summary>
internal static class HostFindings
{
    /// <summary>What is said of the host itself.</summary>
    public const string Part = "host";

    private const string Machines = "machines";

    /// <summary>Judges the host and its replication service.</summary>
    /// <param name="status">The host's status.</param>
    /// <param name="hostName">Its name in the settings.</param>
    /// <param name="isSimulated">Whether the host is simulated.</param>
    public static Finding Of(HostStatus status, string hostName, bool isSimulated)
    {
        var name = status.Name ?? hostName;
        var kind = isSimulated ? "simulated, " : string.Empty;
        return status.ReplicationServiceAvailable
            ? Finding.Ok(Part, $"{name} ({kind}replication service answers, {Accepts(status.RecoveryServerEnabled)})")
            : Finding.Failed(Part, $"{name} has no replication service (Msvm_ReplicationService): is the service vmms running?");
    }

    /// <summary>Counts machines. That none can be failed back, or few, is how it is before a disaster.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="rules">Which of them could be failed back.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<VirtualMachine> machines, FailbackRules rules)
    {
        var replicas = machines.Where(machine => rules.AllowedModes.Contains(machine.ReplicationMode)).ToList();
        var reasons = replicas.Select(rules.WhyIneligible).OfType<string>().CountBy(reason => reason, StringComparer.Ordinal).ToList();
        var eligible = replicas.Count - reasons.Sum(reason => reason.Value);
        yield return Finding.Ok(Machines, string.Create(CultureInfo.InvariantCulture, $"{machines.Count}, of which {replicas.Count} are replicas and {eligible} could be failed back now"));
        foreach (var (reason, count) in reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal))
        {
            yield return Finding.Ok(Machines, string.Create(CultureInfo.InvariantCulture, $"{count} of the replicas could not: {reason}"));
        }
    }

    private static string Accepts(bool? enabled) => enabled switch
    {
        true => "accepts replication",
        false => "accepts no replication",
        null => "does not report whether it accepts replication",
    };
}
