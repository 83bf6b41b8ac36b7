using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <content>Deleting campaigns that have ended or were never started.</content>
internal sealed partial class CampaignRuns
{
    /// <summary>Deletes a campaign.</summary>
    /// <param name="id">The campaign's id.</param>
    /// <param name="by">Who deletes it.</param>
    /// <param name="act">The audit entry.</param>
    /// <param name="cancellationToken">Cancels the wait for other campaigns that are being loaded; not the deletion.</param>
    /// <exception cref="RpcFailure">NOT_FOUND, FAILED_PRECONDITION (CAMPAIGN_STATE), ABORTED (VERSION_MISMATCH), UNAVAILABLE (also OUTCOME_UNKNOWN), DATA_LOSS.</exception>
    public async Task DeleteAsync(string id, string by, AuditEntry act, CancellationToken cancellationToken)
    {
        var name = ResourceNames.Campaign(id);
        var run = await GetAsync(id, cancellationToken) ?? throw CampaignFailures.CampaignNotFound(name);
        RequireDeletable(name, run.View.Header.State);
        await _opening.WaitAsync(cancellationToken);
        try
        {
            // Closed first: a command between the state check and the deletion would start something that no longer exists.
            var view = await CloseAsync(id);
            var head = await services.Store.FindAsync(id, CancellationToken.None) ?? throw CampaignFailures.CampaignNotFound(name);
            try
            {
                RequireDeletable(name, (CampaignState)head.Projection.State);
                await services.Store.AppendAsync(new StreamAppend(head.Campaign.Uid, head.Version, [], [act], null) { Deletion = new CampaignDeletion(by, act.Time) });
            }
            catch (StoreOutcomeUnknownException unknown)
            {
                await RequireDeletedAsync(head, unknown);
            }
            catch (Exception exception)
            {
                await ResumeAsync(head, CancellationToken.None);
                throw exception switch
                {
                    VersionConflictException conflict => CampaignFailures.VersionMismatch(name, conflict.Expected, conflict.Actual),
                    StoreUnavailableException => new RpcFailure(Grpc.Core.StatusCode.Unavailable, "NOT_OWNER", $"{name} could not be deleted: {exception.Message}", exception)
                    {
                        Domain = CampaignFailures.Domain,
                        RetryDelay = services.CreateBackoff().Next(),
                    },
                    _ => exception,
                };
            }

            view?.Delete();
            services.Changes.MarkCampaign(id);
            LogDeleted(id, by);
        }
        finally
        {
            _opening.Release();
        }
    }

    // While the store stays away nobody knows; the campaign is loaded again when it answers, if it is still there.
    private async Task RequireDeletedAsync(CampaignHead head, StoreOutcomeUnknownException unknown)
    {
        try
        {
            if (await services.Store.FindDeletedAsync(head.Campaign.Id, head.Campaign.Uid, CancellationToken.None) is not null)
            {
                return;
            }
        }
        catch (StoreUnavailableException exception)
        {
            Note(head.Campaign.Id, exception, isLive: true);
            throw CampaignFailures.OutcomeUnknown("the deletion", unknown);
        }

        await ResumeAsync(head, CancellationToken.None);
        throw CampaignFailures.Of(new StoreUnavailableException($"{ResourceNames.Campaign(head.Campaign.Id)} could not be deleted.", unknown))!;
    }

    private async Task<Watching.CampaignView?> CloseAsync(string id)
    {
        CampaignRun? run;
        lock (_lock)
        {
            run = _byId.Remove(id, out var entry) ? entry.Run : null;
        }

        if (run is not null)
        {
            await run.DisposeAsync();
        }

        return run?.View;
    }

    private static void RequireDeletable(string name, CampaignState state)
    {
        if (state is not (CampaignState.Draft or CampaignState.Ready or CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped))
        {
            throw CampaignFailures.Precondition(
                "CAMPAIGN_STATE",
                $"{name} is {UpperSnake.Of(state)}: it can be deleted only when it has ended (COMPLETED, COMPLETED_WITH_FAILURES, STOPPED) or was never started (DRAFT, READY). Stop it first.",
                ("name", name),
                ("state", UpperSnake.Of(state)));
        }
    }
}
