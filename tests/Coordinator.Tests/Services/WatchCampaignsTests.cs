using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>The stream of all campaigns and hosts.</summary>
public sealed class WatchCampaignsTests : CoordinatorTest
{
    private readonly Dictionary<string, Campaign> _campaigns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostUpdate> _hosts = new(StringComparer.Ordinal);
    private int _updates;

    [Fact]
    public async Task Everything_is_told_first_and_then_what_is_created_runs_ends_and_is_deleted()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var old = await Coordinator.CreateAsync(Yaml.Campaign(), "old");
        using var call = Coordinator.Campaigns.WatchCampaigns(new WatchCampaignsRequest());
        (await NextAsync(call)).Snapshot.ShouldBeTrue();
        while ((await NextAsync(call)).Snapshot)
        {
        }

        _campaigns.Keys.ShouldBe([old.Name]);
        _hosts.Keys.ShouldBe(["hosts/hv-west-01"]);

        var fresh = await Coordinator.CreateAsync(Yaml.Campaign(), "fresh");
        await UntilAsync(call, () => _campaigns.GetValueOrDefault(fresh.Name)?.State == CampaignState.Ready);
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = fresh.Name });
        await UntilAsync(call, () => _campaigns[fresh.Name].State == CampaignState.Completed);
        _campaigns.Values.ShouldAllBe(campaign => campaign.Document.Length == 0);

        await Coordinator.Campaigns.DeleteCampaignAsync(new DeleteCampaignRequest { Name = fresh.Name, ConfirmName = "fresh" });
        await UntilAsync(call, () => !_campaigns.ContainsKey(fresh.Name));
    }

    [Fact]
    public async Task A_host_that_goes_out_of_reach_is_told()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        using var call = Coordinator.Campaigns.WatchCampaigns(new WatchCampaignsRequest());
        await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/hv-west-01" });
        await UntilAsync(call, () => _hosts.GetValueOrDefault("hosts/hv-west-01")?.Reachability == Reachability.Reachable);

        await agent.StopAsync();
        await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/hv-west-01" });

        await UntilAsync(call, () => _hosts["hosts/hv-west-01"] is { Reachability: Reachability.Unreachable, UnreachableReason.Length: > 0 });
    }

    [Fact]
    public async Task A_watcher_that_never_reads_delays_no_campaign_and_is_told_the_newest_in_the_end()
    {
        await AddAgentAsync("hv-west-01", [.. Enumerable.Range(1, 200).Select(number => $"vm-{number}")]);
        await StartCoordinatorAsync();
        using var deaf = Coordinator.Campaigns.WatchCampaigns(new WatchCampaignsRequest());
        await deaf.ResponseHeadersAsync;
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 50}"));
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        await UntilAsync(deaf, () => _campaigns.GetValueOrDefault(campaign.Name)?.State == CampaignState.Completed);

        _campaigns[campaign.Name].Counts.Succeeded.ShouldBe(200);
        ((long)_updates).ShouldBeLessThan(end.Campaign.Version);
    }

    private async Task UntilAsync(AsyncServerStreamingCall<CampaignsUpdate> call, Func<bool> until)
    {
        while (!until())
        {
            await NextAsync(call);
        }
    }

    private async Task<CampaignsUpdate> NextAsync(AsyncServerStreamingCall<CampaignsUpdate> call)
    {
        (await call.ResponseStream.MoveNext(default).WaitAsync(Limits.Patience)).ShouldBeTrue();
        var update = call.ResponseStream.Current;
        _updates++;
        foreach (var campaign in update.Campaigns)
        {
            _campaigns[campaign.Name] = campaign;
        }

        foreach (var deleted in update.DeletedCampaigns)
        {
            _campaigns.Remove(deleted);
        }

        foreach (var host in update.Hosts)
        {
            _hosts[host.Name] = host;
        }

        return update;
    }
}
