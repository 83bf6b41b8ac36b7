using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Operations.Kinds.Failbacks;

/// <summary>Maps a readiness report to a refusal.</summary>
internal static class ReadinessRefusals
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(15);

    /// <summary>Why the failback may not be started; null when it may.</summary>
    public static OperationFailure? Judge(FailbackOrder order, ReadinessReport report, string hostName)
    {
        var obstacles = report.Obstacles(order.AcceptedChecks);
        if (order.SettingText is not null)
        {
            // The caller brought settings of its own; the machine's are not written.
            obstacles = [.. obstacles.Where(check => check.Id != ReadinessCheckId.ReplicationSettingsNotWritable)];
        }

        var machine = order.VirtualMachine.ToString();
        var metadata = new Dictionary<string, string> { ["virtual_machine_id"] = machine, ["host"] = hostName };
        if (Find(obstacles, ReadinessCheckId.ReplicationServiceNotAvailable) is { } service)
        {
            return new OperationFailure(StatusCode.Unavailable, "HOST_UNAVAILABLE", $"{hostName}: {service.Observed} {service.Remedy}")
            {
                Metadata = metadata,
                RetryDelay = RetryDelay,
            };
        }

        if (report.VirtualMachine is null)
        {
            return NotFound(machine, hostName);
        }

        if (obstacles.Count == 0)
        {
            return null;
        }

        if (Standing(report.VirtualMachine.ReplicationState) is var (reason, sentence))
        {
            return new OperationFailure(StatusCode.FailedPrecondition, reason, $"Machine {report.VirtualMachine.Name} ({machine}) {sentence}")
            {
                Retry = RetryClass.RereadState,
                Metadata = metadata,
            };
        }

        var preconditions = obstacles.Select(check => new OperationPrecondition(check.Id, $"virtualMachines/{machine}", $"{check.Observed} {check.Remedy}".Trim())).ToList();
        return obstacles is [{ Id: ReadinessCheckId.RecoveryPointGone } point]
            ? new OperationFailure(StatusCode.FailedPrecondition, "RECOVERY_POINT_GONE",
                $"Machine {report.VirtualMachine.Name} ({machine}) does not have {order.RecoveryPoint}: {point.Observed} {point.Remedy}".Trim())
            {
                Retry = RetryClass.Never,
                Metadata = metadata,
                Preconditions = preconditions,
            }
            : new OperationFailure(StatusCode.FailedPrecondition, "NOT_READY",
                $"Machine {report.VirtualMachine.Name} ({machine}) is not ready: {string.Join("; ", obstacles.Select(check => $"{check.Id}: {check.Observed}"))}")
            {
                Retry = RetryClass.NotReady,
                Metadata = new Dictionary<string, string>(metadata) { ["checks"] = string.Join(',', obstacles.Select(check => check.Id)) },
                Preconditions = preconditions,
            };
    }

    /// <summary>The host does not have the machine.</summary>
    public static OperationFailure NotFound(string virtualMachineId, string hostName) => new(
        StatusCode.NotFound, "VIRTUAL_MACHINE_NOT_FOUND", $"{hostName} has no virtual machine {virtualMachineId} (it may have moved to another host).")
    {
        Metadata = new Dictionary<string, string> { ["virtual_machine_id"] = virtualMachineId, ["host"] = hostName },
    };

    // The machine was failed back already, or is being failed back, regardless of who started it.
    private static (string Reason, string Sentence)? Standing(ReplicationState state) => ReplicationVerdicts.Judge(state, before: null) switch
    {
        ReplicationVerdict.Succeeded => ("ALREADY_FAILED_BACK", $"has been failed back already: its replication state is {state}."),
        ReplicationVerdict.InProgress => ("FAILBACK_IN_PROGRESS", $"is being failed back already: its replication state is {state}."),
        _ => null,
    };

    private static ReadinessCheck? Find(IReadOnlyList<ReadinessCheck> checks, string id) => checks.FirstOrDefault(check => check.Id == id);
}
