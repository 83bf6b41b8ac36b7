using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Reports from the dispatcher to the campaign's run.</summary>
internal interface ICampaignReports
{
    /// <summary>Reports something for the machine to decide. Waits while the run is overloaded.</summary>
    ValueTask ReportAsync(CampaignInput input, CancellationToken cancellationToken);

    /// <summary>Reports something and waits until the resulting events are durable.</summary>
    ValueTask RecordAsync(CampaignInput input, CancellationToken cancellationToken);

    /// <summary>Shows a percentage; no decision depends on it.</summary>
    /// <param name="item">The item.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="percent">The percentage.</param>
    /// <param name="isPresent">Whether it is known to be the present one: that of a recorded event may be old.</param>
    void Advance(string item, int attempt, int percent, bool isPresent = false);

    /// <summary>Shows what is being done for an item whose state says no more than that it is under way; no decision depends on it.</summary>
    void Describe(string item, int attempt, string activity);
}

/// <summary>Receives the reports about one operation. Exactly one of concluded, refused, fenced, undelivered and lost is reported, and nothing after it.</summary>
internal interface IOperationObserver
{
    /// <summary>The agent has recorded a state that is not terminal. Reported in sequence order, each once.</summary>
    ValueTask ProgressedAsync(FailbackProgress progress);

    /// <summary>The percentage has changed. Called often.</summary>
    ValueTask AdvancedAsync(FailbackProgress progress);

    ValueTask ConcludedAsync(FailbackProgress progress);

    /// <summary>The agent has accepted the campaign's claim; nothing has been sent yet. Returns when that is durable.</summary>
    ValueTask ClaimedAsync(JournalPosition journal);

    /// <summary>The agent rejects this coordinator. It has no trace of this call.</summary>
    ValueTask FencedAsync(RpcFailure refusal);

    /// <summary>The agent has refused the operation and has no trace of it.</summary>
    ValueTask RefusedAsync(RpcFailure refusal);

    /// <summary>The call that starts the operation has failed. Sending it again is safe.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="mayHaveBeenDelivered">False only when it is certain that the agent has not received the call.</param>
    ValueTask UndeliveredAsync(RpcFailure failure, bool mayHaveBeenDelivered);

    /// <summary>The agent does not know the operation.</summary>
    ValueTask LostAsync(RpcFailure failure);
}

/// <summary>The campaign that is dispatched.</summary>
/// <param name="Uid">Its identity for the agents.</param>
/// <param name="Name">Its resource name, for the log.</param>
/// <param name="Instance">The identity of this process for the agents.</param>
internal sealed record DispatchedCampaign(Guid Uid, string Name, CoordinatorInstance Instance);

/// <summary>An operation to follow to its end.</summary>
/// <param name="OperationId">Its id.</param>
/// <param name="Request">The request that starts or joins it; null when the agent is known to have it.</param>
/// <param name="VirtualMachineId">The virtual machine, for the log.</param>
/// <param name="Campaign">The campaign's resource name, for the log.</param>
internal sealed record FollowedOperation(string OperationId, InitiateFailbackRequest? Request, string VirtualMachineId, string Campaign)
{
    /// <summary>The claim to make before the request is sent; null when there is no request, or when one was made on the host a moment ago.</summary>
    public ClaimCampaignRequest? Claim { get; init; }

    /// <summary>
    /// Whether the answer to the claim is reported, as before the first sending. Before a repetition it is not, since the journal's position at the first one is what tells a lost
    /// journal; the claim is made all the same, since the agent may not know yet who has taken the campaign over.
    /// </summary>
    public bool ReportsClaim { get; init; }

    /// <summary>The position of the agent's journal when the operation may first have been sent; null when it does not matter or is unknown.</summary>
    public JournalPosition? SentBefore { get; init; }

    /// <summary>The campaign's epoch in the request.</summary>
    public long Epoch => Request?.Campaign?.Epoch ?? 0;
}

/// <summary>The identity of this process for the agents, which distinguishes it from a process that runs on a copy of its store.</summary>
/// <param name="Id">Created at the start of the process.</param>
/// <param name="Hold">Tells since when it has the store.</param>
internal sealed record CoordinatorInstance(Guid Id, IStoreHold Hold)
{
    /// <summary>The claim of a campaign, or of a return.</summary>
    public ClaimCampaignRequest Claim(Guid campaign, long epoch) => new()
    {
        CampaignId = campaign.ToString("D"),
        Epoch = epoch,
        CoordinatorInstance = Id.ToString("D"),
        StoreTerm = Hold.Term is { } term ? new() { Store = term.Store, Number = term.Number } : null,
    };
}

/// <summary>Makes the steps that go by themselves: over two hosts, or as tests.</summary>
internal interface IPairSteps
{
    /// <summary>Makes a step, or joins it however far it is, and reports until it has ended or its item is no longer followed. Safe to repeat.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="step">The step.</param>
    /// <param name="reports">Where to report.</param>
    /// <param name="cancellationToken">Stops following; what is under way goes on.</param>
    Task FollowAsync(DispatchedCampaign campaign, StartOperation step, ICampaignReports reports, CancellationToken cancellationToken);
}

/// <summary>Begins the runs of campaigns that have a schedule.</summary>
internal interface IScheduledRuns
{
    /// <summary>Creates and starts the run of a time, and reports it, or why it cannot begin. Safe to repeat.</summary>
    /// <param name="campaign">The campaign that has the schedule.</param>
    /// <param name="begin">The run.</param>
    /// <param name="reports">Where to report.</param>
    /// <param name="cancellationToken">Gives it up; it is begun again when the campaign is resumed.</param>
    Task BeginAsync(DispatchedCampaign campaign, BeginRun begin, ICampaignReports reports, CancellationToken cancellationToken);
}

/// <summary>Runs the programs that are run once for a wave.</summary>
internal interface IWavePrograms
{
    /// <summary>Runs a program and reports its end. Never called twice for a run.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="run">The program.</param>
    /// <param name="reports">Where to report.</param>
    /// <param name="cancellationToken">Ends it; nothing is then reported, and its end is unknown.</param>
    Task RunAsync(DispatchedCampaign campaign, RunWaveProgram run, ICampaignReports reports, CancellationToken cancellationToken);
}

/// <summary>The campaign's run has ended and accepts no more reports.</summary>
internal sealed class RunClosedException() : Exception("The campaign's run has ended.");
