using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>Brings campaigns over one host with the machines vm-1 and vm-2, one at a time, to where a test wants them.</summary>
internal sealed class Scenarios
{
    private readonly TestCoordinator _coordinator;
    private readonly ConcurrentDictionary<string, Action<FakeOperation>> _endings = new();
    private int _created;

    public Scenarios(TestCoordinator coordinator, FakeAgent agent)
    {
        _coordinator = coordinator;
        agent.Holds = operation =>
        {
            if (_endings.TryGetValue(operation.Request.Campaign.CampaignId, out var end))
            {
                end(operation);
            }

            return true;
        };
    }

    /// <summary>A new campaign that stands in a state. While it is RUNNING, PAUSED or STOPPING, vm-1 runs.</summary>
    public async Task<Campaign> InAsync(CampaignState state, params string[] spec)
    {
        var campaign = await CreateAsync(spec);
        switch (state)
        {
            case CampaignState.Ready:
                return campaign;
            case CampaignState.Scheduled:
                return await StartAsync(campaign, TimeProvider.System.GetUtcNow().AddHours(1));
            case CampaignState.Running:
                await StartAsync(campaign);
                return (await _coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "vm-1 to run")).Campaign;
            case CampaignState.Paused:
                campaign = await InAsync(CampaignState.Running, spec);
                return await _coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name });
            case CampaignState.Stopping:
                campaign = await InAsync(CampaignState.Running, spec);
                return await _coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name });
            case CampaignState.Completed:
                return await EndAsync(campaign, operation => operation.Succeed());
            case CampaignState.CompletedWithFailures:
                return await EndAsync(campaign, operation => operation.Fail("FILE_NOT_FOUND", RetryClass.Never));
            case CampaignState.Stopped:
                return await _coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name });
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, null);
        }
    }

    /// <summary>A campaign whose items have all ended so that nobody knows how.</summary>
    public async Task<Campaign> OfUnknownOutcomeAsync() =>
        await EndAsync(await CreateAsync([]), operation => operation.Record(ProgressKind.Concluded, OperationState.UnknownOutcome, new Outcome
        {
            State = OperationState.UnknownOutcome,
            Basis = OutcomeBasis.None,
            Explanation = "the job is gone",
        }));

    /// <summary>A campaign whose wave canary is at a gate that dr-lead may approve.</summary>
    public async Task<Campaign> AtGateAsync(string gate = "approval: {by: [dr-lead]}")
    {
        var campaign = await CreateAsync([$"waves: [{{name: canary, take: 1, gate: {{{gate}}}}}, {{name: rest}}]"]);
        _endings[campaign.Uid] = operation => operation.Succeed();
        await StartAsync(campaign);
        return (await _coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Waves[0].State == WaveState.AtGate, "the gate")).Campaign;
    }

    /// <summary>The name of the item of a machine.</summary>
    public async Task<string> ItemAsync(Campaign campaign, string machine) =>
        (await _coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })).Items.Single(item => item.VirtualMachineName == machine).Name;

    private Task<Campaign> CreateAsync(string[] spec) => _coordinator.CreateAsync(Yaml.Campaign($"campaign-{++_created}", ["limits: {host: 1}", "tolerance: {failures: 2, perHost: 2}", .. spec]));

    private async Task<Campaign> EndAsync(Campaign campaign, Action<FakeOperation> end)
    {
        _endings[campaign.Uid] = end;
        await StartAsync(campaign);
        return (await _coordinator.WatchToEndAsync(campaign.Name)).Campaign;
    }

    private async Task<Campaign> StartAsync(Campaign campaign, DateTimeOffset? time = null) =>
        await _coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest
        {
            Name = campaign.Name,
            StartTime = time is { } later ? Timestamp.FromDateTimeOffset(later) : null,
        });
}
