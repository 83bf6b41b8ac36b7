using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class CampaignVerbTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    public static TheoryData<string, string> Verbs() => new()
    {
        { "pause back --reason lunch", """{ "name": "campaigns/back", "reason": "lunch" }""" },
        { "pause campaigns/back", """{ "name": "campaigns/back" }""" },
        { "resume back", """{ "name": "campaigns/back" }""" },
        { "stop back --reason enough", """{ "name": "campaigns/back", "reason": "enough" }""" },
        { "start back", """{ "name": "campaigns/back" }""" },
        { "start back --at 2026-11-21T22:00:00+01:00", """{ "name": "campaigns/back", "startTime": "2026-11-21T21:00:00Z" }""" },
        { "approve back canary --comment fine", """{ "name": "campaigns/back", "wave": "canary", "comment": "fine" }""" },
        { "reject back canary", """{ "name": "campaigns/back", "wave": "canary" }""" },
        { "skip back i-1 --reason gone", """{ "name": "campaigns/back/items/i-1", "reason": "gone" }""" },
        { "skip back campaigns/back/items/i-1", """{ "name": "campaigns/back/items/i-1" }""" },
        { "recheck back i-1", """{ "name": "campaigns/back/items/i-1" }""" },
        { "resolve back i-1 --as succeeded --reason seen", """{ "name": "campaigns/back/items/i-1", "resolution": "ITEM_STATE_SUCCEEDED", "reason": "seen" }""" },
        { "resolve back i-1 --as failed --reason seen", """{ "name": "campaigns/back/items/i-1", "resolution": "ITEM_STATE_FAILED", "reason": "seen" }""" },
        { "cancel back i-1 --confirm-possible-data-loss", """{ "name": "campaigns/back/items/i-1", "confirmPossibleDataLoss": true }""" },
        { "retry back", """{ "name": "campaigns/back" }""" },
        { "retry back i-1 i-2 --reason again", """{ "name": "campaigns/back", "itemIds": [ "i-1", "i-2" ], "reason": "again" }""" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_sends_its_request_and_says_what_came_of_it(string line, string expected)
    {
        AnswerEverything();

        (await _failback.RunAsync(["campaign", .. line.Split(' ')])).ShouldBe(ExitCode.Success, _failback.Error);

        JsonFormatter.Default.Format(coordinator.Campaigns.Requests.ShouldHaveSingleItem()).ShouldBe(expected);
        _failback.OutputLines.ShouldHaveSingleItem().ShouldMatch("^(return-to-east is RUNNING|hv-1-sql-01 \\(sql-01 on hv-1\\) is RUNNING)");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_gives_one_json_object_with_the_names_of_the_proto(string line, string expected)
    {
        AnswerEverything();

        (await _failback.RunAsync(["campaign", .. line.Split(' '), "--output", "json"])).ShouldBe(ExitCode.Success, _failback.Error + expected);

        using var json = System.Text.Json.JsonDocument.Parse(_failback.OutputLines.ShouldHaveSingleItem());
        var root = json.RootElement;
        root = root.TryGetProperty("items", out var items) ? items[0] : root;
        root.GetProperty("state").GetString().ShouldBeOneOf("CAMPAIGN_STATE_RUNNING", "ITEM_STATE_RUNNING");
        (root.TryGetProperty("pause_cause", out _) || root.TryGetProperty("virtual_machine_name", out _)).ShouldBeTrue();
    }

    [Fact]
    public async Task Cancel_without_confirmation_warns_and_sends_nothing()
    {
        (await _failback.RunAsync("campaign", "cancel", "back", "i-1")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldStartWith("WARNING: a failback cancelled during data synchronisation can leave disks that must not be booted");
        _failback.ErrorLines[1].ShouldContain("--confirm-possible-data-loss");
        coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_with_confirmation_warns_as_well()
    {
        AnswerEverything();

        await _failback.RunAsync("campaign", "cancel", "back", "i-1", "--confirm-possible-data-loss");

        _failback.ErrorLines[0].ShouldStartWith("WARNING:");
    }

    [Fact]
    public async Task A_refusal_is_its_sentence_and_its_details()
    {
        coordinator.Campaigns.On<PauseCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => throw new RpcFailure(
            StatusCode.FailedPrecondition, "CAMPAIGN_STATE", "Campaign back is COMPLETED; pause needs RUNNING.")
        {
            PreconditionViolations = [new PreconditionViolation("STATE", "campaigns/back", "It has ended.")],
        }.ToRpcException());

        (await _failback.RunAsync("campaign", "pause", "back")).ShouldBe(ExitCode.Failed);

        _failback.ErrorLines.ShouldBe(["Campaign back is COMPLETED; pause needs RUNNING.", "  campaigns/back: It has ended. (STATE)"]);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, ExitCode.Invalid)]
    [InlineData(StatusCode.NotFound, ExitCode.Failed)]
    [InlineData(StatusCode.FailedPrecondition, ExitCode.Failed)]
    [InlineData(StatusCode.Internal, ExitCode.Failed)]
    [InlineData(StatusCode.PermissionDenied, ExitCode.Unreachable)]
    [InlineData(StatusCode.Unavailable, ExitCode.Unreachable)]
    public async Task A_status_is_an_exit_code(StatusCode status, int expected)
    {
        coordinator.Campaigns.On<GetCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => throw new RpcFailure(status, "REASON", "The sentence.").ToRpcException());

        (await _failback.RunAsync("campaign", "show", "back")).ShouldBe(expected);

        _failback.ErrorLines.ShouldBe(["The sentence."]);
    }

    [Fact]
    public async Task List_reads_every_page()
    {
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(request =>
        {
            var page = new ListCampaignsResponse { NextPageToken = request.PageToken == "" ? "2" : "" };
            page.Campaigns.Add(new Contracts.Campaigns.V1.Campaign
            {
                Name = $"campaigns/c{request.PageToken}",
                State = CampaignState.Paused,
                PauseCause = PauseCause.Tolerance,
                Explanation = "Paused: 3 items failed, 2 are tolerated.",
                CreateTime = Timestamp.FromDateTimeOffset(Some.Start),
                StartTime = Timestamp.FromDateTimeOffset(Some.Start),
                EndTime = Timestamp.FromDateTimeOffset(Some.Start.AddMinutes(75)),
                Counts = new ItemCounts { Total = 40, Succeeded = 12, Failed = 2, UnknownOutcome = 1, Pending = 25 },
            });
            return page;
        });

        (await _failback.RunAsync("campaign", "list", "--state", "paused")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines.ShouldBe(
        [
            "NAME  STATE    DONE  FAILED  CREATED               ELAPSED  EXPLANATION",
            "c     PAUSED  15/40       3  2026-11-21T22:00:00Z  1:15:00  Paused: 3 items failed, 2 are tolerated.",
            "c2    PAUSED  15/40       3  2026-11-21T22:00:00Z  1:15:00  Paused: 3 items failed, 2 are tolerated.",
        ]);
        ((ListCampaignsRequest)coordinator.Campaigns.Requests[1]).States.ShouldBe([CampaignState.Paused]);
    }

    [Fact]
    public async Task List_asks_for_labels()
    {
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse());

        (await _failback.RunAsync("campaign", "list", "--label", "ticket=DR=1042", "--label", "site=east")).ShouldBe(ExitCode.Success, _failback.Error);

        var request = (ListCampaignsRequest)coordinator.Campaigns.Requests.ShouldHaveSingleItem();
        request.Labels.ShouldBe(new Dictionary<string, string> { ["ticket"] = "DR=1042", ["site"] = "east" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("ticket", "--label: \"ticket\" must be KEY=VALUE, such as ticket=DR-1042.")]
    [InlineData("=east", "--label: \"=east\" must be KEY=VALUE, such as ticket=DR-1042.")]
    public async Task A_label_that_is_none_is_told(string label, string expected)
    {
        (await _failback.RunAsync("campaign", "list", "--label", label)).ShouldBe(ExitCode.Invalid);

        _failback.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task Show_gives_one_item()
    {
        coordinator.Campaigns.On<GetItemRequest, Item>(request => new Item { Name = request.Name, Wave = "canary", Host = "hv-1", VirtualMachineName = "sql-01", State = ItemState.Running });

        (await _failback.RunAsync("campaign", "show", "back", "--item", "x1")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldContain("sql-01");
        ((GetItemRequest)coordinator.Campaigns.Requests.ShouldHaveSingleItem()).Name.ShouldBe("campaigns/back/items/x1");
        (await _failback.RunAsync("campaign", "show", "back", "--item", "x1", "--items")).ShouldBe(ExitCode.Invalid);
    }

    [Fact]
    public async Task Explain_shows_each_reason_with_its_machines_and_what_frees_them()
    {
        var reason = new WaitReason { Code = "OUTAGE_APPROVAL", Subject = "canary", Explanation = "The outages of wave canary wait.", Act = "failback campaign approve back canary", Count = 2, Examples = { "sql-01" } };
        coordinator.Campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => new ExplainCampaignResponse { Reasons = { reason }, MovingCount = 3, EndedCount = 4 });

        (await _failback.RunAsync("campaign", "explain", "back", "x1")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldContain("3 moving, 4 ended, 2 waiting.");
        _failback.Output.ShouldContain("2 OUTAGE_APPROVAL (canary): sql-01, …");
        _failback.Output.ShouldContain("→ failback campaign approve back canary");
        ((ExplainCampaignRequest)coordinator.Campaigns.Requests.ShouldHaveSingleItem()).ItemId.ShouldBe("x1");
    }

    [Fact]
    public async Task Show_tells_what_a_campaign_waits_for_and_how_a_held_machine_is_answered()
    {
        coordinator.Campaigns.On<GetCampaignRequest, HostAgent.Contracts.Campaigns.V1.Campaign>(request => new HostAgent.Contracts.Campaigns.V1.Campaign { Name = request.Name, State = CampaignState.Running });
        coordinator.Campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => new ExplainCampaignResponse { Reasons = { Asks(), Approval() } });

        (await _failback.RunAsync("campaign", "show", "back")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldContain(
            """
            Waiting for:
              2 ASKS (SPLIT_BRAIN): erp-01, erp-02. It runs on both hosts.
                → failback vm answer erp-01 STOP_HOME --reason "..."
                → failback vm answer erp-01 RECHECK
              30 OUTAGE_APPROVAL (rest): web-01, …. The outages of wave rest wait.
                → failback campaign approve back rest
              All of it: failback campaign explain back
            """);
    }

    [Theory]
    [InlineData(CampaignState.Completed)]
    [InlineData(CampaignState.Running)]
    public async Task Show_needs_no_answer_to_what_an_ended_campaign_or_an_older_coordinator_does_not_know(CampaignState state)
    {
        coordinator.Campaigns.On<GetCampaignRequest, HostAgent.Contracts.Campaigns.V1.Campaign>(request => new HostAgent.Contracts.Campaigns.V1.Campaign { Name = request.Name, State = state });

        (await _failback.RunAsync("campaign", "show", "back")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldNotContain("Waiting for");
    }

    [Fact]
    public async Task Explain_gives_every_question_with_its_legal_answers()
    {
        coordinator.Campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => new ExplainCampaignResponse { Reasons = { Asks() } });

        (await _failback.RunAsync("campaign", "explain", "back")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldContain(
            """
              erp-01: It runs on both hosts.
                → failback vm answer erp-01 STOP_HOME --reason "..."
                  Stops the machine at home. Gives up writes at main-01.
                → failback vm answer erp-01 RECHECK
                  Looks again.
            """);
    }

    private static WaitReason Approval()
        => new() { Code = "OUTAGE_APPROVAL", Subject = "rest", Explanation = "The outages of wave rest wait.", Act = "failback campaign approve back rest", Count = 30, Examples = { "web-01" } };

    private static WaitReason Asks() => new()
    {
        Code = "ASKS",
        Subject = "SPLIT_BRAIN",
        Explanation = "It runs on both hosts.",
        Act = "failback vm status erp-01",
        Count = 2,
        Examples = { "erp-01", "erp-02" },
        Questions =
        {
            new WaitQuestion
            {
                VirtualMachineName = "erp-01",
                Explanation = "It runs on both hosts.",
                Answers =
                {
                    new WaitAnswer { Verb = "STOP_HOME", Explanation = "Stops the machine at home.", GivesUp = "main-01", Command = "failback vm answer erp-01 STOP_HOME --reason \"...\"" },
                    new WaitAnswer { Verb = "RECHECK", Explanation = "Looks again.", Command = "failback vm answer erp-01 RECHECK" },
                },
            },
        },
    };

    [Fact]
    public async Task Delete_confirms_by_the_name()
    {
        coordinator.Campaigns.On<DeleteCampaignRequest, Empty>(_ => new Empty());

        (await _failback.RunAsync("campaign", "delete", "back", "--confirm", "back")).ShouldBe(ExitCode.Success, _failback.Error);

        coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBe(new DeleteCampaignRequest { Name = "campaigns/back", ConfirmName = "back" });
        _failback.OutputLines.ShouldBe(["back is deleted. \"failback audit export\" still has its audit."]);
        (await _failback.RunAsync("campaign", "delete", "back")).ShouldBe(ExitCode.Invalid);
    }

    [Fact]
    public async Task Show_gives_the_campaign_its_waves_and_its_items()
    {
        var campaign = Some.Campaign(CampaignState.Completed, Some.Wave("canary", WaveState.Done, 2, succeeded: 2, percent: 100));
        campaign.EndTime = Timestamp.FromDateTimeOffset(Some.Start.AddSeconds(90));
        coordinator.Campaigns.On<GetCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => campaign);
        coordinator.Campaigns.On<ListItemsRequest, ListItemsResponse>(_ =>
        {
            var page = new ListItemsResponse();
            page.Items.Add(Some.Item("sql-01", "hv-1", ItemState.Succeeded, "canary", 100, "Failed back."));
            return page;
        });

        (await _failback.RunAsync("campaign", "show", "back", "--items", "--host", "hv-1")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines[0].ShouldBe("return-to-east is COMPLETED: 2 succeeded");
        _failback.OutputLines.ShouldContain("Elapsed: 1:30");
        _failback.OutputLines.ShouldContain(line => line.StartsWith("canary  DONE    2/2     100%       0"));
        _failback.OutputLines[^1].ShouldStartWith("hv-1-sql-01  canary  hv-1  sql-01   SUCCEEDED     100%        1");
        ((ListItemsRequest)coordinator.Campaigns.Requests[1]).Host.ShouldBe("hv-1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Way_back_of_a_drill_is_approved_apart(bool wayBack)
    {
        AnswerEverything();
        (await _failback.RunAsync(["campaign", "approve", "away", "all", .. wayBack ? new[] { "--way-back" } : []])).ShouldBe(ExitCode.Success, _failback.Error);
        coordinator.Campaigns.Requests.OfType<ApproveWaveRequest>().Last().WayBack.ShouldBe(wayBack);
    }

    [Fact]
    public async Task Soak_is_ended_before_its_time_with_a_comment()
    {
        AnswerEverything();
        (await _failback.RunAsync("campaign", "end-soak", "away", "all", "--comment", "the users are content")).ShouldBe(ExitCode.Success, _failback.Error);
        coordinator.Campaigns.Requests.OfType<EndSoakRequest>().Last().ShouldSatisfyAllConditions(
            request => (request.Name, request.Wave, request.Comment).ShouldBe(("campaigns/away", "all", "the users are content")));
    }

    private void AnswerEverything()
    {
        var campaigns = coordinator.Campaigns;
        campaigns.On<PauseCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<ResumeCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<StopCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<StartCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<ApproveWaveRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<RejectWaveRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<EndSoakRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign());
        campaigns.On<SkipItemRequest, Item>(_ => Running());
        campaigns.On<RecheckItemRequest, Item>(_ => Running());
        campaigns.On<ResolveItemRequest, Item>(_ => Running());
        campaigns.On<CancelItemRequest, Item>(_ => Running());
        campaigns.On<RetryItemsRequest, RetryItemsResponse>(_ => new RetryItemsResponse { Items = { Running() } });

        static Item Running() => Some.Item("sql-01", "hv-1", ItemState.Running);
    }
}
