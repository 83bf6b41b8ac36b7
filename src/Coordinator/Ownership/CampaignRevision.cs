using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Planning;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;
using CampaignPlan = HostAgent.Campaigns.Planning.CampaignPlan;

namespace HostAgent.Coordinator.Ownership;

/// <summary>Prepares the replacement of a campaign's document: reads and plans it. The campaign decides whether it may be replaced.</summary>
internal sealed class CampaignRevision(CampaignPlans plans, StoreRoom room)
{
    private static readonly CampaignPlan Unplanned = new([], [], [], [], [], []);

    /// <summary>Builds the command for a request.</summary>
    /// <exception cref="RpcFailure">As in the contract of <c>UpdateCampaign</c>.</exception>
    public async Task<CommandMessage> PrepareAsync(CampaignRun run, UpdateCampaignRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        if (request.ExpectedVersion < 0)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("expected_version", $"{request.ExpectedVersion} must be the version that was seen, or 0 for any"));
        }

        room.Require(request.Name);
        var spec = CampaignPlans.Require(request.Document, cancellationToken);
        var document = new StoredDocument(request.Document.Text, CampaignPlans.SourceOf(request.Document));

        // A started campaign rejects every plan, so no host needs to be asked for one.
        var plan = run.View.Header.State > CampaignState.Scheduled
            ? Unplanned
            : await plans.PlanItemsAsync(spec, document.Source, request.Name, cancellationToken);
        if (!request.AcceptWarnings && plan.Warnings.Any(warning => warning.NeedsAcceptance))
        {
            throw CampaignFailures.PlanWarnings(request.Name, plan);
        }

        return new CommandMessage(new ReviseCampaign(spec, plan, document.Text, origin.Caller.Name) { AcceptsWarnings = request.AcceptWarnings }, origin)
        {
            ExpectedVersion = request.ExpectedVersion,
            Document = document,
        };
    }
}
