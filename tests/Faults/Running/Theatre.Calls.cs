using System.Collections.Concurrent;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Faults.Histories;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Faults.Running;

/// <content>What a client asks the coordinators, and what it was answered.</content>
internal sealed partial class Theatre
{
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentDictionary<int, Lazy<CampaignsClient>> _ofNodes = new();

    /// <summary>The campaigns, at the coordinator that acts.</summary>
    public CampaignsClient Campaigns => _campaigns ??= nodes is null ? cluster.CampaignsAt(Coordinators[0]) : cluster.CampaignsAt([.. Coordinators.Select(coordinator => coordinator.Address)]);

    /// <summary>The campaigns, as one who knows a single coordinator sees them: that one, or another one to which it relays.</summary>
    /// <param name="caller">A number of the caller; callers are spread over the coordinators.</param>
    public CampaignsClient CampaignsFor(int caller) => nodes is null
        ? Campaigns
        : _ofNodes.GetOrAdd(caller % nodes.All.Count, node => new Lazy<CampaignsClient>(() => cluster.CampaignsAt(nodes.All[node].Process))).Value;

    /// <summary>The answers to all commands.</summary>
    public IReadOnlyList<Answer> Answers => [.. _answers];

    /// <summary>All items of a campaign, as they are shown now.</summary>
    public async Task<IReadOnlyList<Item>> ItemsAsync(CampaignSetup campaign, CancellationToken cancellationToken)
    {
        var (items, request) = (new List<Item>(), new ListItemsRequest { Parent = campaign.Name, PageSize = 1000 });
        do
        {
            var page = await Campaigns.ListItemsAsync(request, cancellationToken: cancellationToken);
            items.AddRange(page.Items);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return items;
    }

    /// <summary>Waits until a host works on an item of the first campaign.</summary>
    public async Task UntilAtWorkAsync(string host, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await ItemsAsync(setup.Campaigns[0], cancellationToken)).Any(item => item.Host == host && item.State == ItemState.Running))
        {
            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Gives a command until it is answered for good, and keeps every answer.</summary>
    public async Task CommandAsync<T>(string command, Fact? promises, Func<AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await call();
                Keep(command, "OK", promises);
                return;
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Unknown or StatusCode.Internal && !cancellationToken.IsCancellationRequested)
            {
                Keep(command, exception.StatusCode.ToString(), null);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.AlreadyExists or StatusCode.FailedPrecondition)
            {
                // An earlier try took effect, and its answer was lost.
                Keep(command, exception.StatusCode.ToString(), null);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>Keeps the answer to a call that nobody with a right to it has made.</summary>
    public void KeepHostile(string command, string status) => _answers.Enqueue(new Answer(Now, command, status) { IsHostile = true });

    /// <summary>Waits until a campaign is shown as wanted.</summary>
    public async Task UntilAsync(CampaignSetup campaign, Func<Campaign, bool> reached, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                if (reached(await Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name }, cancellationToken: cancellationToken)))
                {
                    return;
                }
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // It is down: looked at again.
            }

            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    private void Keep(string command, string status, Fact? promises) => _answers.Enqueue(new Answer(Now, command, status) { Promises = promises });
}
