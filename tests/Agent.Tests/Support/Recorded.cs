using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Support;

/// <summary>What tests put into a journal.</summary>
internal static class Recorded
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    public static OperationJournal Open(string directory) => OperationJournal.Open(directory, TimeProvider.System, NullLogger.Instance);

    public static OperationFacts Facts(Guid id, Guid? machine = null, long? campaignEpoch = null, Guid? campaign = null) => new()
    {
        OperationId = id,
        Kind = "failback",
        VirtualMachineId = (machine ?? Stage.Id(1)).ToString().ToUpperInvariant(),
        VirtualMachineName = "app-01",
        Request = new byte[] { 1, 2, 3 },
        RequestHash = new byte[] { 4, 5 },
        Campaign = campaignEpoch is { } epoch ? new CampaignReference(campaign ?? Stage.Id(77), "item-1", 1, epoch) : null,
        RequestedBy = "CN=test",
        CreateTime = Now,
    };

    public static OperationEvent Accepted() => new() { Sequence = 1, Time = Now, Kind = OperationEventKind.Accepted, State = OperationState.Queued, ReplicationState = 5 };

    public static OperationEvent Next(OperationSnapshot current, OperationEventKind kind, OperationState state)
        => current.Last with { Sequence = current.Sequence + 1, Kind = kind, State = state };

    /// <summary>Takes an operation as far as a state, through the events that lead there.</summary>
    public static async Task<OperationSnapshot> RecordAsync(this OperationJournal journal, OperationFacts facts, OperationState until, string? host = null)
    {
        const string Job = "Msvm_ConcreteJob.InstanceID=\"8F2C\"";
        var operation = await journal.AcceptAsync(facts, Accepted() with { Host = host });
        if (until >= OperationState.Starting)
        {
            operation = await journal.AppendAsync(
                operation, Next(operation, OperationEventKind.Starting, OperationState.Starting), new OperationChange { Intent = new IntentEvidence(Now, 5, ["OLD"]), StartTime = Now });
        }

        if (until >= OperationState.Running)
        {
            operation = await journal.AppendAsync(
                operation,
                Next(operation, OperationEventKind.Started, OperationState.Running) with { Job = new JobSnapshot { Path = Job, ClassName = "Msvm_ConcreteJob", State = 4 } },
                new OperationChange { ReturnCode = 4096, JobPath = Job });
        }

        if (until.IsTerminal())
        {
            var outcome = new OperationOutcome(until, OutcomeBasis.Job, "It ended.", Failure: null, Retry: null);
            operation = await journal.AppendAsync(operation, Next(operation, OperationEventKind.Concluded, until) with { Outcome = outcome }, OperationChange.Nothing);
        }

        return operation;
    }
}
