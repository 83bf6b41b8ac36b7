using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations;

/// <summary>Finds failbacks on the host that a damaged journal may have lost. They are never adopted and never started again, only reported.</summary>
internal sealed partial class UnaccountedFailbacks(
    JournalLoss loss, OperationJournal journal, OperationContext context, LiveOperations live, FailbackKind failback, ILogger<UnaccountedFailbacks> logger)
{
    /// <summary>Refuses an unknown id that may have been lost with the journal.</summary>
    /// <exception cref="OperationRefusedException">JOURNAL_LOST.</exception>
    public async Task RefuseAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind.IsFencedByFacts || await FindDamageAsync(request.SentBefore, cancellationToken) is not { } damage)
        {
            return;
        }

        var id = VirtualMachineId.Parse(request.VirtualMachineId);
        // A missing machine is refused by the readiness check that follows.
        if (await context.Host.FindVirtualMachineAsync(id, cancellationToken) is not { } machine)
        {
            return;
        }

        var jobs = await context.Host.ListJobsAsync(id, cancellationToken);
        if (UnknownIdAfterJournalLossRule.Judge(damage, request, MachineShown.Of(machine)!, jobs) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>The damage because of which an unknown id may have been used; null when it was never accepted here.</summary>
    /// <param name="sentBefore">Where the journal stood when the operation may first have been sent; null when it never was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JournalDamage?> FindDamageAsync(JournalPosition? sentBefore, CancellationToken cancellationToken)
    {
        var hasToken = sentBefore?.ClaimToken is not { } token || await journal.HasTokenAsync(token, cancellationToken);
        return loss.InForce ?? loss.Since(sentBefore, journal.Position, hasToken);
    }

    /// <summary>Logs every machine with a running failback that is missing from the journal.</summary>
    public async Task NameAsync(CancellationToken cancellationToken)
    {
        if (loss.InForce is null)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(context.Timing.CallDeadline, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            foreach (var machine in await context.Host.ListVirtualMachinesAsync(either.Token))
            {
                if (IsAtWork(machine) && live.On(machine.Id.ToString()) is null)
                {
                    LogUnaccounted(logger, machine.Id.ToString(), Numbered.Text(machine.ReplicationState), context.HostName);
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(logger, exception, context.HostName);
        }
    }

    private bool IsAtWork(VirtualMachine machine)
        => failback.Judge(MachineShown.Of(machine)!, before: null) is StateVerdict.InProgress;

    [LoggerMessage(EventId = 2205, Level = LogLevel.Error,
        Message = "Machine {VmId} is in state {State} and no journaled operation accounts for it; the journal lost operations, so nothing will be started on it, host {Host}")]
    private static partial void LogUnaccounted(ILogger logger, string vmId, string state, string host);

    [LoggerMessage(EventId = 2206, Level = LogLevel.Warning,
        Message = "Could not scan host {Host} for failbacks missing from the journal; each VM will be checked before use")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string host);
}
