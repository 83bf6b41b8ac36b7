using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Faults.Histories;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Running;

/// <summary>The person at the command line: creates and starts the campaigns, answers what machines ask, cancels what no longer moves, and waits for the end.</summary>
internal sealed class Operator(Theatre theatre)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(300);

    private readonly HeldMachines _held = new(theatre.Cluster);
    private readonly Dictionary<string, (string Seen, long Since)> _moving = new(StringComparer.Ordinal);

    /// <summary>Creates the campaigns and starts them.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        foreach (var campaign in theatre.Setup.Campaigns)
        {
            var request = new CreateCampaignRequest { CampaignId = campaign.Id, Document = new CampaignDocument { Text = campaign.Document }, AcceptWarnings = true };
            await theatre.CommandAsync($"create {campaign.Id}", Fact.Planned, () => theatre.Campaigns.CreateCampaignAsync(request, cancellationToken: cancellationToken), cancellationToken);
        }

        foreach (var campaign in theatre.Setup.Campaigns)
        {
            await theatre.CommandAsync($"start {campaign.Id}", Fact.Starting, () => theatre.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }, cancellationToken: cancellationToken), cancellationToken);
        }
    }

    /// <summary>Waits for the end of all campaigns, over however many lives of their coordinator.</summary>
    /// <returns>False when they did not end in time.</returns>
    public async Task<bool> ToTheEndAsync(CancellationToken bound)
    {
        var open = theatre.Setup.Campaigns.ToList();
        // All items are read each time.
        using var look = new PeriodicTimer(Often * Math.Max(1, theatre.Setup.Estate.Hosts.Count / 10));
        try
        {
            while (open.Count > 0)
            {
                await look.WaitForNextTickAsync(bound);
                foreach (var campaign in open.ToList())
                {
                    try
                    {
                        if ((await theatre.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name }, cancellationToken: bound)).EndTime is not null)
                        {
                            open.Remove(campaign);
                            continue;
                        }

                        await ActAsync(campaign, bound);
                    }
                    catch (RpcException) when (!bound.IsCancellationRequested)
                    {
                        // The coordinator is down, or the item has gone on since it was shown: looked at again.
                    }
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException && bound.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ActAsync(CampaignSetup campaign, CancellationToken bound)
    {
        if (!campaign.IsHostToHost && theatre.Setup.CancelsAfter is null)
        {
            return;
        }

        foreach (var item in await theatre.ItemsAsync(campaign, bound))
        {
            if (item.State == ItemState.Held)
            {
                await _held.AnswerAsync(item, bound);
            }
            else if (item.State is ItemState.Running or ItemState.Queued && item.Attempt > 0 && theatre.Setup.CancelsAfter is { } patience)
            {
                // One whose machine is read again and again is shown as queued.
                var shown = $"{item.Attempt} {item.State} {item.PercentComplete} {(campaign.IsHostToHost ? item.Explanation : "")}";
                if (!_moving.TryGetValue(item.Name, out var moving) || moving.Seen != shown)
                {
                    _moving[item.Name] = (shown, TimeProvider.System.GetTimestamp());
                }
                else if (TimeProvider.System.GetElapsedTime(moving.Since) > patience)
                {
                    _moving.Remove(item.Name);
                    await CancelAsync(campaign, item, bound);
                }
            }
        }
    }

    private async Task CancelAsync(CampaignSetup campaign, Item item, CancellationToken bound)
    {
        const string Why = "it no longer moves";
        if (campaign.IsHostToHost)
        {
            var request = new CancelReturnStepRequest { Name = $"returns/{item.VirtualMachineId}", ConfirmPossibleDataLoss = true, Reason = Why };
            await theatre.Cluster.Returns.CancelReturnStepAsync(request, cancellationToken: bound);
        }
        else
        {
            await theatre.Campaigns.CancelItemAsync(new CancelItemRequest { Name = item.Name, ConfirmPossibleDataLoss = true, Reason = Why }, cancellationToken: bound);
        }
    }
}
