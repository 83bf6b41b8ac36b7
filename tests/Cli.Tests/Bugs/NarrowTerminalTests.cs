using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using VirtualMachine = HostAgent.Contracts.Failback.V1.VirtualMachine;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>On 80 columns an item's id stood in five pieces, and on 20 columns a list stood letter under letter.</summary>
public sealed class NarrowTerminalTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Id = "0198c0de-7a2b-7000-8000-000000000001";
    private const string Explanation = "The host has not answered for fifteen minutes, and the outcome of the failback is unknown.";

    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();

    public NarrowTerminalTests(FakeCoordinator coordinator)
    {
        _failback = new CommandLine(coordinator);
        var campaign = Some.Campaign(CampaignState.Running, Some.Wave("canary", WaveState.Running, 2, 1, 50));
        campaign.Explanation = Explanation;
        var item = Some.Item("finance-application-server-01", "hv-west-01.example", ItemState.UnknownOutcome);
        item.Name = $"campaigns/back/items/{Id}";
        item.Explanation = Explanation;
        var machine = new VirtualMachine { Name = "finance-application-server-01", Id = Id.ToUpperInvariant(), Eligible = false, IneligibleReason = Explanation };
        var plan = new CampaignPlan { ItemCount = 1, HostCount = 1, Waves = { new PlannedWave { Name = "canary", Items = 1, Hosts = 1 } } };
        plan.Items.Add(new PlannedItem { ItemId = Id, Wave = "canary", Host = "hv-west-01.example", VirtualMachineName = "finance-application-server-01", DiskBytes = 1L << 40, AfterItemIds = { Id }, AfterCount = 1 });
        plan.Refused.Add(new RefusedItem { VirtualMachineName = "web-01", Host = "hv-west-01.example", Reason = Explanation });
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse { Campaigns = { campaign } });
        coordinator.Campaigns.On<GetCampaignRequest, Campaign>(_ => campaign);
        coordinator.Campaigns.On<ListItemsRequest, ListItemsResponse>(_ => new ListItemsResponse { Items = { item } });
        coordinator.Campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => plan);
        coordinator.Hosts.List = _ => new ListHostsResponse { Hosts = { new ManagedHost { Name = "hosts/hv-west-01.example", Address = "https://hv-west-01.example:7443", Site = "west", UnreachableReason = Explanation } } };
        coordinator.Hosts.VirtualMachines = _ => new ListVirtualMachinesResponse { VirtualMachines = { machine } };
    }

    public static TheoryData<string, int, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, int, string>();
            foreach (var width in new[] { 20, 40, 80, 200 })
            {
                runs.Add("campaign list", width, "return-to-east RUNNING");
                runs.Add("campaign show back --items", width, $"{Id} hv-west-01.example finance-application-server-01 UNKNOWN_OUTCOME");
                runs.Add("campaign plan FILE --items", width, $"{Id} hv-west-01.example finance-application-server-01");
                runs.Add("host list", width, "hv-west-01.example https://hv-west-01.example:7443");
                runs.Add("host vms hv-west-01", width, $"{Id.ToUpperInvariant()} finance-application-server-01");
            }

            return runs;
        }
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Ids_and_words_stay_whole(string command, int width, string whole)
    {
        _failback.Width = width;
        (await _failback.RunAsync([.. command.Split(' ').Select(word => word == "FILE" ? _directory.Write("f.yaml", "a: 1") : word)])).ShouldBe(ExitCode.Success, _failback.Error);
        foreach (var word in whole.Split(' ').Concat(Explanation.Split(' ')))
        {
            _failback.Output.ShouldContain(word);
        }

        _failback.OutputLines.ShouldAllBe(line => line.Trim().Length > 1);
    }
}
