using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>What may have been lost with a damaged journal, looked for at the host: it is never adopted, so that it must be named, and never started again.</summary>
internal sealed partial class UnaccountedFailbacks(
    JournalLoss loss, OperationJournal journal, OperationContext context, LiveOperations live, IEnumerable<IOperationKind> kinds, ILogger<UnaccountedFailbacks> logger)
{
    /// <summary>Refuses an id that the journal does not know where it may be one that was lost.</summary>
    /// <exception cref="OperationRefusedException">JOURNAL_LOST.</exception>
    public async Task RefuseAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        if (await FindDamageAsync(request.SentBefore, cancellationToken) is not { } damage)
        {
            return;
        }

        var id = VirtualMachineId.Parse(request.VirtualMachineId);
        // A machine that is not there is refused by what comes next.
        if (await context.Host.FindVirtualMachineAsync(id, cancellationToken) is not { } machine)
        {
            return;
        }

        var jobs = await context.Host.ListJobsAsync(id, cancellationToken);
        if (UnknownIdAfterJournalLossRule.Judge(damage, request, machine.Relationship is null ? null : machine.ReplicationState, jobs) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Why the journal's not knowing an operation proves nothing; null when it was never accepted here.</summary>
    /// <param name="sentBefore">Where the journal stood when the operation may first have been sent; null when it never was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JournalDamage?> FindDamageAsync(JournalPosition? sentBefore, CancellationToken cancellationToken)
    {
        var hasToken = sentBefore?.ClaimToken is not { } token || await journal.HasTokenAsync(token, cancellationToken);
        return loss.InForce ?? loss.Since(sentBefore, journal.Position, hasToken);
    }

    /// <summary>Logs every machine that the host is at work on and that no operation of the journal accounts for.</summary>
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
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(logger, e, context.HostName);
        }
    }

    private bool IsAtWork(VirtualMachine machine)
        => machine.Relationship is not null && kinds.Any(kind => kind.JudgeState(machine.ReplicationState, before: null) is StateVerdict.InProgress);

    [LoggerMessage(EventId = 2205, Level = LogLevel.Error,
        Message = "Machine {VmId} is in state {State}, and no operation of the journal, which lost some, accounts for it: nothing is started on it, host {Host}")]
    private static partial void LogUnaccounted(ILogger logger, string vmId, string state, string host);

    [LoggerMessage(EventId = 2206, Level = LogLevel.Warning,
        Message = "Host {Host} could not be looked at for work that no operation of the journal accounts for; each machine is looked at before anything is started on it")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string host);
}
