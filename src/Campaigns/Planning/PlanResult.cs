namespace HostAgent.Campaigns.Planning;

/// <summary>A plan, or why there is none.</summary>
/// <param name="Plan">The plan; with problems it shows what was found but must not be run.</param>
/// <param name="Problems">The problems; empty when the plan can be run.</param>
public sealed record PlanResult(CampaignPlan Plan, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>Whether the plan can be run.</summary>
    public bool IsValid => Problems.Count == 0;
}
