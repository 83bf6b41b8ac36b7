using HostAgent.Campaigns;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Wire;
using HostAgent.Documents;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Planning;

/// <summary>Turns a document into a plan for the current hosts.</summary>
internal sealed class CampaignPlans(EstateReader estate, GuestCheck check)
{
    private const int MaxSourceLength = 255;

    /// <summary>Reads a document.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): there is no document, or its source is too long.</exception>
    public static DocumentResult<CampaignSpec> Parse(Contracts.Campaigns.V1.CampaignDocument? document, CancellationToken cancellationToken)
    {
        if (document is null)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("document", "is not set; it must be the document of a campaign"));
        }

        if (document.Source.Length > MaxSourceLength)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("document.source", $"has {document.Source.Length} characters; at most {MaxSourceLength} are allowed"));
        }

        return Campaigns.CampaignDocument.Parse(document.Text, SourceOf(document), cancellationToken);
    }

    /// <summary>Reads a document that must be valid.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_DOCUMENT) with every error.</exception>
    public static CampaignSpec Require(Contracts.Campaigns.V1.CampaignDocument? document, CancellationToken cancellationToken)
    {
        var result = Parse(document, cancellationToken);
        return result.TryGetValue(out var spec) ? spec : throw DocumentMapper.ToFailure(result.Source, result.Errors);
    }

    /// <summary>Plans a valid document. Ordering problems are errors in the document; a plan without items is not.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_DOCUMENT): items wait for each other, or for items that start later; (INVALID_REQUEST): there is no such application check.</exception>
    public async Task<PlanResult> PlanAsync(CampaignSpec spec, string source, string campaign, CancellationToken cancellationToken)
    {
        if (spec.HostToHost is { } strategy)
        {
            RequirePrograms([("verify.check", strategy.Verify.Check), .. spec.Waves.SelectMany((wave, index) => new[] { ($"waves[{index}].once.beforeOutages", wave.Once?.BeforeOutages ?? ""), ($"waves[{index}].once.afterEnd", wave.Once?.AfterEnd ?? "") }),
                ("hooks.beforeOutage", strategy.Hooks?.BeforeOutage ?? ""), ("hooks.afterVerify", strategy.Hooks?.AfterVerify ?? ""),
                .. spec.Waves.SelectMany((wave, index) => new[] { ($"waves[{index}].hooks.beforeOutage", wave.Hooks?.BeforeOutage ?? ""), ($"waves[{index}].hooks.afterVerify", wave.Hooks?.AfterVerify ?? "") })]);
        }

        if (spec.TestFailover is { } test)
        {
            RequirePrograms([("verify.check", test.Verify.Check)]);
        }

        var result = CampaignPlanner.Plan(spec, await estate.ReadAsync(spec, campaign, cancellationToken));
        var errors = result.Problems.Where(problem => problem.Kind != PlanProblemKind.NoItems).ToList();
        return errors.Count == 0 ? result : throw DocumentMapper.ToFailure(source, errors);
    }

    private void RequirePrograms(IReadOnlyList<(string Key, string Name)> programs)
    {
        var unknown = programs.Where(program => program.Name.Length > 0)
            .Select(program => (program.Key, Why: check.WhyNot(program.Name)))
            .Where(program => program.Why is not null)
            .Select(program => new FieldViolation("document.text", $"spec.strategy.{program.Key} {program.Why}"))
            .ToList();
        if (unknown.Count > 0)
        {
            throw CampaignFailures.InvalidRequest(unknown);
        }
    }

    /// <summary>Plans a valid document and requires at least one item.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="source">The document's name in messages.</param>
    /// <param name="campaign">The campaign's resource name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RpcFailure">As <see cref="PlanAsync"/>; FAILED_PRECONDITION (NO_ITEMS).</exception>
    public async Task<CampaignPlan> PlanItemsAsync(CampaignSpec spec, string source, string campaign, CancellationToken cancellationToken)
    {
        var result = await PlanAsync(spec, source, campaign, cancellationToken);
        return result.IsValid ? result.Plan : throw CampaignFailures.Precondition("NO_ITEMS", result.Problems[0].Message, ("campaign", campaign));
    }

    /// <summary>The document's name in messages.</summary>
    public static string SourceOf(Contracts.Campaigns.V1.CampaignDocument document) => document.Source.Length == 0 ? "document" : document.Source;
}
