using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

public sealed class CampaignsServiceTests : CoordinatorTest
{
    private const string FiveErrors = """
        apiVersion: failback/v2
        kind: Campaign
        metadata: {name: Return East}
        spec:
          targets: [{hosts: {site: west}}]
          waves: [{name: canary, take: 0}]
          retry: {attempts: many}
          colour: blue
        """;

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await AddAgentAsync("hv-west-02", "sql-02");
        await StartCoordinatorAsync();
    }

    [Fact]
    public async Task Validate_reports_every_error_with_its_place_and_is_no_error()
    {
        var response = await Coordinator.Campaigns.ValidateCampaignAsync(new ValidateCampaignRequest { Document = new CampaignDocument { Text = FiveErrors, Source = "five.yaml" } });

        response.Valid.ShouldBeFalse();
        response.Errors.Select(error => error.Line).ShouldBe([1, 3, 6, 7, 8]);
        response.Errors.ShouldAllBe(error => error.Path.Length > 0 && error.Message.Length > 0 && error.Allowed.Length > 0);
        (await Coordinator.Campaigns.ValidateCampaignAsync(new ValidateCampaignRequest { Document = new CampaignDocument { Text = Yaml.Campaign() } })).Valid.ShouldBeTrue();
    }

    [Fact]
    public async Task Create_of_an_invalid_document_names_every_error_as_a_violation_with_path_and_line()
    {
        var failure = await FailureAsync(() => Coordinator.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = FiveErrors, Source = "five.yaml" } }));

        failure.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (failure.Domain, failure.Reason).ShouldBe(("campaigns.hyperv", "INVALID_DOCUMENT"));
        failure.FieldViolations.Count.ShouldBe(5);
        failure.FieldViolations[2].Field.ShouldBe("spec.waves[0].take");
        failure.FieldViolations[2].Description.ShouldStartWith("five.yaml:6:");
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plan_shows_waves_items_and_refusals_and_keeps_nothing()
    {
        Agents[0].Machines[1].Eligible = false;
        Agents[0].Machines[1].IneligibleReason = "it is running";

        var plan = await Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest
        {
            Document = new CampaignDocument { Text = Yaml.Campaign(spec: "waves: [{name: databases, match: {vms: {names: ['sql-*']}}}, {name: rest}]").Replace("hosts: {site: west}", "hosts: {site: west}, vms: {names: ['*']}", StringComparison.Ordinal) },
        });

        plan.Waves.Select(wave => (wave.Name, wave.Items)).ShouldBe([("databases", 2), ("rest", 0)]);
        plan.Items.Select(item => item.VirtualMachineName).ShouldBe(["sql-01", "sql-02"]);
        plan.Refused.ShouldHaveSingleItem().Reason.ShouldContain("it is running");
        Agents.Sum(agent => agent.Calls.Count).ShouldBe(0);
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plan_warns_of_a_host_that_cannot_be_asked()
    {
        await Agents[1].StopAsync();

        var plan = await Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest { Document = new CampaignDocument { Text = Yaml.Campaign() } });

        plan.Warnings.ShouldContain(warning => warning.Message.Contains("hv-west-02", StringComparison.Ordinal));
        plan.Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Create_of_a_campaign_without_items_is_refused()
    {
        var failure = await FailureAsync(() => Coordinator.Campaigns.CreateCampaignAsync(new CreateCampaignRequest
        {
            Document = new CampaignDocument { Text = Yaml.Campaign().Replace("site: west", "site: north", StringComparison.Ordinal) },
        }));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.FailedPrecondition, "NO_ITEMS"));
    }

    [Fact]
    public async Task Create_again_with_an_equal_document_returns_the_campaign_and_with_another_is_refused()
    {
        var first = await Coordinator.CreateAsync(Yaml.Campaign());
        var again = await Coordinator.CreateAsync(Yaml.Campaign());
        again.Uid.ShouldBe(first.Uid);

        var failure = await FailureAsync(() => Coordinator.Campaigns.CreateCampaignAsync(new CreateCampaignRequest
        {
            Document = new CampaignDocument { Text = Yaml.Campaign(spec: "limits: {host: 1}") },
        }));
        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.AlreadyExists, "CAMPAIGN_EXISTS"));
    }

    [Fact]
    public async Task Get_tells_unknown_from_malformed()
    {
        (await FailureAsync(() => Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/none" }))).Reason.ShouldBe("CAMPAIGN_NOT_FOUND");
        (await FailureAsync(() => Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "none" }))).Reason.ShouldBe("INVALID_REQUEST");
        (await FailureAsync(() => Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/UPPER" }))).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("name");
    }

    [Fact]
    public async Task A_command_that_the_state_does_not_allow_says_so_and_is_audited()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        var failure = await FailureAsync(() => Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name, Reason = "too early" }));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.FailedPrecondition, "CAMPAIGN_STATE"));
        var audit = await Coordinator.AuditAsync(campaign.Name);
        audit.Select(record => (record.Action, record.Result)).ShouldBe([("CreateCampaign", "OK"), ("PauseCampaign", "FAILED_PRECONDITION CAMPAIGN_STATE")]);
        audit[1].Actor.ShouldContain("dr-lead");
        audit[1].Source.ShouldContain("127.0.0.1");
        audit[1].Details.ShouldContain("too early");
    }

    [Fact]
    public async Task The_audit_of_a_whole_run_is_one_unbroken_chain()
    {
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchToEndAsync(campaign.Name);

        var audit = await Coordinator.AuditAsync(campaign.Name);

        audit.Select(record => record.Sequence).ShouldBe(Enumerable.Range(1, audit.Count).Select(number => (long)number));
        audit.Skip(1).Select(record => record.PreviousHash).ShouldBe(audit.SkipLast(1).Select(record => record.Hash));
        audit.ShouldContain(record => record.Action == "StartCampaign" && record.Result == "OK");
        audit.ShouldContain(record => record.Actor == "coordinator" && record.Action == "campaign-ended");
    }

    [Fact]
    public async Task List_pages_newest_first_and_filters_by_state()
    {
        foreach (var id in (string[])["one", "two", "three"])
        {
            await Coordinator.CreateAsync(Yaml.Campaign(), id);
        }

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = "campaigns/two" });
        await Coordinator.WatchToEndAsync("campaigns/two");

        var first = await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageSize = 2 });
        first.Campaigns.Select(campaign => campaign.Name).ShouldBe(["campaigns/three", "campaigns/two"]);
        first.Campaigns.ShouldAllBe(campaign => campaign.Document.Length == 0);
        var second = await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageSize = 2, PageToken = first.NextPageToken });
        second.Campaigns.Select(campaign => campaign.Name).ShouldBe(["campaigns/one"]);
        second.NextPageToken.ShouldBeEmpty();
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { States = { CampaignState.Completed } })).Campaigns.ShouldHaveSingleItem().Name.ShouldBe("campaigns/two");
        (await FailureAsync(() => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageToken = "!" }))).Reason.ShouldBe("INVALID_REQUEST");
        (await FailureAsync(() => Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageSize = -1 }))).Reason.ShouldBe("INVALID_REQUEST");
    }

    [Fact]
    public async Task Items_page_in_the_order_of_the_plan_and_filter_by_host()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        var first = await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageSize = 2 });
        var second = await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageSize = 2, PageToken = first.NextPageToken });

        first.Items.Concat(second.Items).Select(item => item.VirtualMachineName).ShouldBe(["sql-01", "sql-02", "web-01"]);
        second.NextPageToken.ShouldBeEmpty();
        (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, Host = "hv-west-02" })).Items.ShouldHaveSingleItem().VirtualMachineName.ShouldBe("sql-02");
    }

    [Fact]
    public async Task What_the_coordinator_is_is_told_to_viewers_too_and_a_restart_is_another_instance()
    {
        var before = TimeProvider.System.GetUtcNow();
        var first = await new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(PeerRole.Viewer, "wall")).GetServerInfoAsync(new GetServerInfoRequest());
        await Coordinator.StopAsync();
        await Coordinator.StartAsync();
        var second = await Coordinator.Campaigns.GetServerInfoAsync(new GetServerInfoRequest());

        first.Version.ShouldNotBeEmpty();
        first.StoreSchema.ShouldBeGreaterThanOrEqualTo(5);
        first.StartTime.ToDateTimeOffset().ShouldBeLessThan(before);
        second.StartTime.ShouldBeGreaterThan(first.StartTime);
        second.Instance.ShouldNotBe(first.Instance);
        first.CurrentTime.ToDateTimeOffset().ShouldBeInRange(before, second.CurrentTime.ToDateTimeOffset());
        first.CertificateExpireTime.ToDateTimeOffset().ShouldBeGreaterThan(before);
        first.StoreKind.ShouldBe("sqlite");
        first.FreeBytes.ShouldBeGreaterThan(0);
        first.ReservedBytes.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_viewer_may_look_and_not_touch()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var viewer = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(PeerRole.Viewer, "wall"));

        (await viewer.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).Name.ShouldBe(campaign.Name);
        (await FailureAsync(() => viewer.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).State.ShouldBe(CampaignState.Ready);
    }

    [Fact]
    public async Task A_peer_of_another_authority_does_not_get_in()
    {
        using var others = new Pki();
        var stranger = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(others.Identity(PeerRole.Operator, "dr-lead")));

        var failure = await FailureAsync(() => stranger.ListCampaignsAsync(new ListCampaignsRequest()));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Domain.ShouldBe(RpcFailure.ConnectionDomain);
    }

    private static async Task<RpcFailure> FailureAsync<T>(Func<AsyncUnaryCall<T>> call) =>
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call().ResponseAsync));
}
