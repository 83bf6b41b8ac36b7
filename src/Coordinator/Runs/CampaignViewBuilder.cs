using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting;
using Proto = HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Runs;

/// <summary>Copies the state of a campaign's machine, which only its run may use, into views that any thread may read.</summary>
internal static class CampaignViewBuilder
{
    /// <summary>The campaign without its items.</summary>
    public static HeaderView Header(Campaigns.States.CampaignState state, long version) => new()
    {
        Version = version,
        Revision = state.Revision,
        State = state.IsBlocked ? Proto.CampaignState.Blocked : EnumNames.Of<CampaignStatus, Proto.CampaignState>(state.Status),
        PauseCause = state.PauseCause switch
        {
            PauseCause.None => Proto.PauseCause.Unspecified,
            PauseCause.Operator => Proto.PauseCause.Operator,
            PauseCause.Tolerance => Proto.PauseCause.Tolerance,
            PauseCause.Window => Proto.PauseCause.Window,
            PauseCause.Gate => Proto.PauseCause.Gate,
            PauseCause.Ownership => Proto.PauseCause.Ownership,
            _ => throw new InvalidOperationException($"The pause cause {state.PauseCause} is not mapped to the contract."),
        },
        Explanation = state.Explanation,
        OnlyTests = state.Spec!.TestFailover is not null || state.Spec.Schedule is not null,
        Notifications = state.Spec.Notifications,
        Labels = state.Spec.Labels,
        Notes = state.Notes,
        StartTime = state.StartTime,
        EndTime = state.EndTime,
        Forecast = state.Forecast,
        Waves = [.. state.Waves.Select(Wave)],
    };

    public static ItemView Item(CampaignItem item) => new()
    {
        Id = item.Id,
        Wave = item.Wave.Index,
        Host = item.Host.Name,
        VirtualMachineId = item.Planned.VirtualMachineId.ToString("D").ToUpperInvariant(),
        VirtualMachineName = item.Planned.VirtualMachineName,
        State = EnumNames.Of<ItemStatus, Proto.ItemState>(item.Status),
        Explanation = item.Explanation,
        Attempt = item.Attempt,
        StepAttempt = item.StepAttempt,
        Step = item.Step,
        Steps = item.Planned.StepCount,
        OperationId = item.OperationId?.ToString("D") ?? string.Empty,
        FailureReason = item.FailureReason,
        NextAttempt = item.NextAttemptTime,
        StartTime = item.StartTime,
        EndTime = item.EndTime,
    };

    private static WaveView Wave(CampaignWave wave) => new()
    {
        Name = wave.Spec.Name,
        State = EnumNames.Of<WaveStatus, Proto.WaveState>(wave.Status),
        Counts = Counts(wave.Counts),
        WaitingFor = wave.WaitingFor,
        AwaitsApproval = wave.AwaitsApproval,
        Approvers = wave.Spec.Gate?.Approvers ?? [],
        OutagesApprovedBy = wave.OutagesApprovedBy ?? string.Empty,
        WayBackApprovedBy = wave.WayBackApprovedBy ?? string.Empty,
        StartTime = wave.StartTime,
        EndTime = wave.EndTime,
    };

    private static Proto.ItemCounts Counts(ItemCounts counts) => new()
    {
        Total = counts.Total,
        Pending = counts[ItemStatus.Pending] + counts[ItemStatus.Ready] + counts[ItemStatus.NotReady],
        Queued = counts[ItemStatus.Queued],
        Starting = counts[ItemStatus.Starting],
        Running = counts[ItemStatus.Running],
        Succeeded = counts[ItemStatus.Succeeded],
        SucceededWithWarnings = counts[ItemStatus.SucceededWithWarnings],
        Failed = counts[ItemStatus.Failed],
        Cancelled = counts[ItemStatus.Cancelled],
        Skipped = counts[ItemStatus.Skipped],
        UnknownOutcome = counts[ItemStatus.UnknownOutcome],
        Synced = counts[ItemStatus.Synced],
        Held = counts[ItemStatus.Held],
    };
}
