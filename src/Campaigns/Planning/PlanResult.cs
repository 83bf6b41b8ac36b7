namespace HostAgent.Campaigns.Planning;

/// <summary>A plan, or the reasons why there is none.</summary>
/// <param name="Plan">The plan; with problems it shows what was found and must not be run.</param>
/// <param name="Problems">The problems; empty when the plan can be run.</param>
public sealed record PlanResult(CampaignPlan Plan, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>Whether the plan can be run.</summary>
    public bool IsValid => Problems.Count == 0;
}

/// <summary>Why a valid document cannot be planned for these hosts.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Path">Where in the document, for example <c>spec.dependencies[0]</c>.</param>
/// <param name="Message">One sentence with the names.</param>
public sealed record PlanProblem(PlanProblemKind Kind, string Path, string Message);

/// <summary>Why a valid document cannot be planned.</summary>
public enum PlanProblemKind
{
    /// <summary>Nothing is left to fail back.</summary>
    NoItems,

    /// <summary>Items wait for each other.</summary>
    DependencyCycle,

    /// <summary>An item waits for an item of a later wave, and would never start.</summary>
    DependencyOrder,

    /// <summary>Machines whose services go down together can never do so.</summary>
    Together,
}

/// <summary>The kinds of plan warnings.</summary>
public enum PlanWarningKind
{
    /// <summary>A selected host could not be asked for its machines.</summary>
    HostUnreachable,

    /// <summary>A target names an unknown host.</summary>
    UnknownHost,

    /// <summary>A target selects no host or no machine, or names a machine that does not exist.</summary>
    TargetMatchesNothing,

    /// <summary>A wave's <c>match</c> selects none of the campaign's machines.</summary>
    WaveMatchesNothing,

    /// <summary>One side of a dependency matches no item: it has no effect.</summary>
    DependencyMatchesNothing,

    /// <summary>A wave has no items because earlier waves took what it matches.</summary>
    WaveEmpty,

    /// <summary>A machine exists on several hosts, and one copy was chosen.</summary>
    CopyChosen,

    /// <summary>A machine is an item of another campaign that has not ended.</summary>
    OtherCampaign,

    /// <summary>A set of machines whose services go down together has fewer than two.</summary>
    TogetherMatchesFew,
}

/// <summary>A notable finding that is not an error in the document.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">One sentence with the names.</param>
public sealed record PlanWarning(PlanWarningKind Kind, string Message)
{
    /// <summary>
    /// Whether a person must accept it before a campaign is stored: something that the document asks for is not in the plan, or an order
    /// that it asks for is not kept.
    /// </summary>
    public bool NeedsAcceptance => Kind is PlanWarningKind.HostUnreachable or PlanWarningKind.UnknownHost or PlanWarningKind.TargetMatchesNothing
        or PlanWarningKind.WaveMatchesNothing or PlanWarningKind.DependencyMatchesNothing or PlanWarningKind.TogetherMatchesFew;
}

/// <summary>What a plan left out and warned about, as stored with the campaign: the first of each, and the totals.</summary>
/// <param name="Warnings">The first warnings.</param>
/// <param name="WarningCount">The total number of warnings.</param>
/// <param name="Refused">The first machines that were selected but are not in the campaign.</param>
/// <param name="RefusedCount">The total number of such machines.</param>
/// <param name="AcceptedBy">Who accepted them; null when no one has.</param>
public sealed record PlanNotes(IReadOnlyList<PlanWarning> Warnings, int WarningCount, IReadOnlyList<RefusedItem> Refused, int RefusedCount, string? AcceptedBy)
{
    // A campaign is sent in one message and must fit into it.
    private const int Most = 200;

    /// <summary>No notes.</summary>
    public static PlanNotes None { get; } = new([], 0, [], 0, null);

    /// <summary>Whether selected machines are missing from the campaign and no one has accepted that.</summary>
    public bool LeavesOut => RefusedCount > 0 && AcceptedBy is null;

    /// <summary>The notes of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="acceptedBy">Who accepted its warnings; null when no one has.</param>
    /// <returns>Null when there is nothing to note.</returns>
    public static PlanNotes? Of(CampaignPlan plan, string? acceptedBy)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Warnings.Count + plan.Refused.Count == 0
            ? null
            : new PlanNotes([.. plan.Warnings.Take(Most)], plan.Warnings.Count, [.. plan.Refused.Take(Most)], plan.Refused.Count, acceptedBy);
    }
}
