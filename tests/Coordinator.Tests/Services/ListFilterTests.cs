using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>What each list chooses, and that what it cannot choose by is told.</summary>
public sealed class ListFilterTests : CoordinatorTest
{
    private const int MessageLimit = 4 * 1024 * 1024;

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await AddAgentAsync("hv-west-02", "sql-02");
        await StartCoordinatorAsync();
    }

    [Fact]
    public async Task Campaigns_with_huge_labels_come_in_as_many_pages_as_they_need()
    {
        // What a store has from the time when a document could have as many labels as went into it.
        var created = TimeProvider.System.GetUtcNow();
        foreach (var id in (string[])["one", "two", "three", "four", "five"])
        {
            var campaign = new NewCampaign(Guid.NewGuid(), id, "", "", "", created = created.AddSeconds(1));
            var summary = new Campaign { Name = $"campaigns/{id}" };
            summary.Labels.Add(Enumerable.Range(0, 4_600).ToDictionary(number => $"{number:D}", _ => new string('x', 200)));
            await Coordinator.Get<IEventStore>().CreateAsync(campaign, new StreamAppend(campaign.Uid, 0, [], [], new CampaignProjection((int)CampaignState.Completed, true, summary.ToByteArray())));
        }

        var (names, request) = (new List<string>(), new ListCampaignsRequest());
        do
        {
            var page = await Coordinator.Campaigns.ListCampaignsAsync(request);
            page.CalculateSize().ShouldBeLessThan(MessageLimit);
            page.Campaigns.ShouldNotBeEmpty();
            names.AddRange(page.Campaigns.Select(campaign => campaign.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        names.ShouldBe(["campaigns/five", "campaigns/four", "campaigns/three", "campaigns/two", "campaigns/one"]);
    }

    [Fact]
    public async Task Campaigns_are_chosen_by_label_creator_and_time()
    {
        var maria = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(PeerRole.Operator, "maria"));
        var first = await Coordinator.CreateAsync(Yaml.Campaign(), "one");
        var second = await maria.CreateCampaignAsync(new CreateCampaignRequest
        {
            CampaignId = "two",
            Document = new CampaignDocument { Text = Yaml.Campaign().Replace("DR-1042", "DR-1042, site: east", StringComparison.Ordinal) },
        });

        (await NamesAsync(new ListCampaignsRequest { Labels = { ["ticket"] = "DR-1042" } })).ShouldBe([second.Name, first.Name]);
        (await NamesAsync(new ListCampaignsRequest { Labels = { ["ticket"] = "DR-1042", ["site"] = "east" } })).ShouldBe([second.Name]);
        (await NamesAsync(new ListCampaignsRequest { Labels = { ["ticket"] = "dr-1042" } })).ShouldBeEmpty();
        (await NamesAsync(new ListCampaignsRequest { CreatedBy = "maria" })).ShouldBe([second.Name]);
        (await NamesAsync(new ListCampaignsRequest { CreatedBy = first.CreatedBy })).ShouldBe([first.Name]);
        (await NamesAsync(new ListCampaignsRequest { EarliestCreateTime = second.CreateTime })).ShouldBe([second.Name]);
        (await NamesAsync(new ListCampaignsRequest { LatestCreateTime = first.CreateTime })).ShouldBe([first.Name]);
        (await NamesAsync(new ListCampaignsRequest { EarliestCreateTime = first.CreateTime, LatestCreateTime = second.CreateTime })).ShouldBe([second.Name, first.Name]);
    }

    [Fact]
    public async Task Items_are_chosen_by_name_hosts_and_failure_reason()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        (await MachinesAsync(new ListItemsRequest { VirtualMachineName = "SQL-*" })).ShouldBe(["sql-01", "sql-02"]);
        (await MachinesAsync(new ListItemsRequest { VirtualMachineName = "???-01", Hosts = { "hv-west-01" } })).ShouldBe(["sql-01", "web-01"]);
        (await MachinesAsync(new ListItemsRequest { Hosts = { "HV-WEST-02", "hv-north-09" } })).ShouldBe(["sql-02"]);
        (await MachinesAsync(new ListItemsRequest { Host = "hv-west-02", Hosts = { "hv-west-01" } })).ShouldBe(["sql-01", "sql-02", "web-01"]);
        (await MachinesAsync(new ListItemsRequest { FailureReason = "FILE_NOT_FOUND" })).ShouldBeEmpty();

        async Task<IEnumerable<string>> MachinesAsync(ListItemsRequest request)
        {
            request.Parent = campaign.Name;
            return (await Coordinator.Campaigns.ListItemsAsync(request)).Items.Select(item => item.VirtualMachineName);
        }
    }

    [Fact]
    public async Task Items_of_one_failure_are_found_by_its_reason()
    {
        var campaign = await new Scenarios(Coordinator, Agents[0]).InAsync(CampaignState.CompletedWithFailures);

        var items = (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, FailureReason = "FILE_NOT_FOUND" })).Items;

        items.ShouldNotBeEmpty();
        items.ShouldAllBe(item => item.State == ItemState.Failed && item.Host == "hv-west-01");
    }

    [Fact]
    public async Task Hosts_are_chosen_by_site_label_and_reachability()
    {
        await Agents[1].StopAsync();
        await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/hv-west-02" });
        await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = "hosts/hv-west-01" });

        (await HostsAsync(new ListHostsRequest { Reachabilities = { Reachability.Unreachable } })).ShouldBe(["hosts/hv-west-02"]);
        (await HostsAsync(new ListHostsRequest { Site = "west", Labels = { ["rack"] = "r1" } })).ShouldBe(["hosts/hv-west-01", "hosts/hv-west-02"]);
        (await HostsAsync(new ListHostsRequest { Site = "east" })).ShouldBeEmpty();
        (await HostsAsync(new ListHostsRequest { Labels = { ["rack"] = "r2" } })).ShouldBeEmpty();

        async Task<IEnumerable<string>> HostsAsync(ListHostsRequest request) => (await Coordinator.Hosts.ListHostsAsync(request)).Hosts.Select(host => host.Name);
    }

    [Fact]
    public async Task What_no_entry_can_be_is_refused_by_its_field()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        Dictionary<string, Func<Task>> wrong = new()
        {
            ["states"] = () => Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, States = { (ItemState)99 } }).ResponseAsync,
            ["virtual_machine_name"] = () => Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, VirtualMachineName = new string('*', 257) }).ResponseAsync,
            ["hosts"] = () => Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, Hosts = { Enumerable.Repeat("h", 1001) } }).ResponseAsync,
            ["reachabilities"] = () => Coordinator.Hosts.ListHostsAsync(new ListHostsRequest { Reachabilities = { (Reachability)7 } }).ResponseAsync,
            ["labels"] = () => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { Labels = { Enumerable.Range(0, 65).ToDictionary(number => $"{number:D}", _ => "x") } }).ResponseAsync,
            ["earliest_create_time"] = () => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { EarliestCreateTime = new Timestamp { Seconds = long.MaxValue } }).ResponseAsync,
            ["latest_create_time"] = () => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { EarliestCreateTime = new Timestamp { Seconds = 2 }, LatestCreateTime = new Timestamp { Seconds = 1 } }).ResponseAsync,
        };

        foreach (var (field, call) in wrong)
        {
            var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(call, field));
            (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.InvalidArgument, "INVALID_REQUEST"));
            failure.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe(field);
        }

        var states = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { States = { (CampaignState)99 } }).ResponseAsync));
        states.Message.ShouldContain("99 must be one of 1 (Draft)");
    }

    [Fact]
    public async Task A_page_token_of_a_list_with_other_filters_is_refused()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        await Coordinator.CreateAsync(Yaml.Campaign(), "second");
        var items = (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageSize = 1 })).NextPageToken;
        var campaigns = (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageSize = 1 })).NextPageToken;
        var hosts = (await Coordinator.Hosts.ListHostsAsync(new ListHostsRequest { PageSize = 1 })).NextPageToken;

        await RefusedAsync(() => Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageToken = items, Host = "hv-west-01" }));
        await RefusedAsync(() => Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = "campaigns/second", PageToken = items }));
        await RefusedAsync(() => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageToken = campaigns, States = { CampaignState.Ready } }));
        await RefusedAsync(() => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageToken = items }));
        await RefusedAsync(() => Coordinator.Hosts.ListHostsAsync(new ListHostsRequest { PageToken = hosts, Site = "west" }));
        (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageToken = items, PageSize = 50 })).Items.Count.ShouldBe(2);

        static async Task RefusedAsync<T>(Func<AsyncUnaryCall<T>> call) =>
            RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call().ResponseAsync)).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("page_token");
    }

    [Fact]
    public async Task One_item_is_got_by_its_name()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var listed = (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageSize = 1 })).Items[0];

        (await Coordinator.Campaigns.GetItemAsync(new GetItemRequest { Name = listed.Name })).ShouldBe(listed);
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.GetItemAsync(new GetItemRequest { Name = $"{campaign.Name}/items/none" }).ResponseAsync));
        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.NotFound, "ITEM_NOT_FOUND"));
    }

    [Fact]
    public async Task Items_are_retried_by_name_and_by_id_and_never_through_another_campaign()
    {
        var scenarios = new Scenarios(Coordinator, Agents[0]);
        var campaign = await scenarios.InAsync(CampaignState.CompletedWithFailures);
        var failed = (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, States = { ItemState.Failed } })).Items[0];

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() =>
            Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name, ItemIds = { "campaigns/other/items/x" } }).ResponseAsync));
        failure.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("item_ids");

        var retried = await Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name, ItemIds = { failed.Name, failed.Name[(failed.Name.LastIndexOf('/') + 1)..] } });
        retried.Items.ShouldHaveSingleItem().Name.ShouldBe(failed.Name);
    }

    private async Task<IEnumerable<string>> NamesAsync(ListCampaignsRequest request) =>
        (await Coordinator.Campaigns.ListCampaignsAsync(request)).Campaigns.Select(campaign => campaign.Name);
}
