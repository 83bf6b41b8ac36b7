using System.Text.Json.Serialization;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

/// <summary>What has become of an item. Whatever is as at the beginning is not written: most items of a campaign wait or have ended.</summary>
internal sealed record ItemFacts
{
    public required int Index { get; init; }

    public required ItemStatus Status { get; init; }

    public required string Explanation { get; init; }

    public required string FailureReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempt { get; init; }

    public Guid? OperationId { get; init; }

    public ItemReadiness? Readiness { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AttemptPhase Phase { get; init; }

    public DateTimeOffset? NextTime { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public DateTimeOffset? UnreachableDeadline { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FormerAttempts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FailedDeliveries { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FailedChecks { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Looks { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CountedInBudget { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CountedInHostBudget { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CancelRequested { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayHaveArrived { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WasAccepted { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FailsUnlessDone { get; init; }

    public AgentJournal? Journal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ClaimsFirst { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFenced { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsStalled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LosesTrackUnlessDone { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnsettled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RecheckRequested { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SkippedByPerson { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DependenciesLifted { get; init; }

    /// <summary>Whether nothing has happened to the item.</summary>
    [JsonIgnore]
    public bool IsUntouched => this == new ItemFacts { Index = Index, Status = ItemStatus.Pending, Explanation = string.Empty, FailureReason = string.Empty };

    public static ItemFacts Of(CampaignItem item) => new()
    {
        Index = item.Index,
        Status = item.Status,
        Explanation = item.Explanation,
        FailureReason = item.FailureReason,
        Attempt = item.Attempt,
        OperationId = item.OperationId,
        Readiness = item.Readiness,
        StartTime = item.StartTime,
        EndTime = item.EndTime,
        Phase = item.Phase,
        NextTime = item.NextTime,
        Deadline = item.Deadline,
        UnreachableDeadline = item.UnreachableDeadline,
        FormerAttempts = item.FormerAttempts,
        FailedDeliveries = item.FailedDeliveries,
        FailedChecks = item.FailedChecks,
        Looks = item.Looks,
        CountedInBudget = item.CountedInBudget,
        CountedInHostBudget = item.CountedInHostBudget,
        CancelRequested = item.CancelRequested,
        MayHaveArrived = item.MayHaveArrived,
        WasAccepted = item.WasAccepted,
        FailsUnlessDone = item.FailsUnlessDone,
        Journal = item.Journal,
        ClaimsFirst = item.ClaimsFirst,
        IsFenced = item.IsFenced,
        IsStalled = item.IsStalled,
        LosesTrackUnlessDone = item.LosesTrackUnlessDone,
        IsUnsettled = item.IsUnsettled,
        RecheckRequested = item.RecheckRequested,
        SkippedByPerson = item.SkippedByPerson,
        DependenciesLifted = item.DependenciesLifted,
    };

    public void ApplyTo(CampaignItem item)
    {
        item.Explanation = Explanation;
        item.FailureReason = FailureReason;
        item.Attempt = Attempt;
        item.OperationId = OperationId;
        item.Readiness = Readiness;
        item.StartTime = StartTime;
        item.EndTime = EndTime;
        item.FormerAttempts = FormerAttempts;
        item.FailedDeliveries = FailedDeliveries;
        item.FailedChecks = FailedChecks;
        item.Looks = Looks;
        item.CountedInBudget = CountedInBudget;
        item.CountedInHostBudget = CountedInHostBudget;
        item.CancelRequested = CancelRequested;
        item.MayHaveArrived = MayHaveArrived;
        item.WasAccepted = WasAccepted;
        item.FailsUnlessDone = FailsUnlessDone;
        item.Journal = Journal;
        item.ClaimsFirst = ClaimsFirst;
        item.IsFenced = IsFenced;
        item.IsStalled = IsStalled;
        item.LosesTrackUnlessDone = LosesTrackUnlessDone;
        item.IsUnsettled = IsUnsettled;
        item.RecheckRequested = RecheckRequested;
        item.SkippedByPerson = SkippedByPerson;
        item.DependenciesLifted = DependenciesLifted;
    }
}
