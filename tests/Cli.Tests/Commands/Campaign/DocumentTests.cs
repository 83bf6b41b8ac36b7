using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class DocumentTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Valid =
        """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: return-to-east}
        spec:
          targets: [{hosts: {site: west}}]
          strategy: initiate-failback
        """;

    private const string Invalid =
        """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: return-to-east}
        spec: {strategy: teleport,
          targets: [hosts: {rack: r12}],
          waves:
            [{name: canary, ramp: {start: 1, factor: 0}}]}
        """;

    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;

    public DocumentTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        _file = _directory.Write("file.yaml", "kind: Campaign\n");
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("plan")]
    [InlineData("create")]
    [InlineData("update back")]
    public async Task A_missing_file_is_one_clear_error(string verb)
    {
        (await _failback.RunAsync(["campaign", .. verb.Split(' '), "nowhere.yaml"])).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe("nowhere.yaml: there is no such file.");
    }

    [Fact]
    public async Task A_document_over_one_mebibyte_is_not_sent()
    {
        var large = _directory.Write("large.yaml", new string('#', (1024 * 1024) + 1));

        (await _failback.RunAsync("campaign", "validate", large)).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain("at most 1048576 characters");
        _coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Update_sends_the_new_document_and_the_version_that_was_seen()
    {
        _coordinator.Campaigns.On<UpdateCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign(CampaignState.Ready));

        (await _failback.RunAsync("campaign", "update", "back", _file, "--expected-version", "12")).ShouldBe(ExitCode.Success, _failback.Error);

        var sent = _coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBeOfType<UpdateCampaignRequest>();
        (sent.Name, sent.ExpectedVersion, sent.Document.Text).ShouldBe(("campaigns/back", 12L, "kind: Campaign\n"));
        _failback.OutputLines.ShouldHaveSingleItem().ShouldStartWith("return-to-east is READY");
    }

    [Fact]
    public async Task Update_of_a_document_with_errors_prints_them_with_their_places()
    {
        _coordinator.Campaigns.On<UpdateCampaignRequest, Contracts.Campaigns.V1.Campaign>(
            _ => throw new RpcFailure(StatusCode.InvalidArgument, "INVALID_DOCUMENT", "file.yaml has 2 errors").ToRpcException());
        _coordinator.Campaigns.On<ValidateCampaignRequest, ValidateCampaignResponse>(_ => Errors(2));

        (await _failback.RunAsync("campaign", "update", "back", _file)).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Validate_needs_no_coordinator_and_no_certificate()
    {
        using var offline = new CommandLine();
        var file = _directory.Write("valid.yaml", Valid);

        (await offline.RunAsync("campaign", "validate", file)).ShouldBe(ExitCode.Success, offline.Error);

        offline.OutputLines.ShouldBe([$"{file} is valid."]);
    }

    [Fact]
    public async Task Validate_prints_every_error_on_its_own_line_with_its_place()
    {
        using var offline = new CommandLine();
        var file = _directory.Write("invalid.yaml", Invalid);

        (await offline.RunAsync("campaign", "validate", file)).ShouldBe(ExitCode.Invalid);

        offline.Output.ShouldBeEmpty();
        offline.ErrorLines.Count.ShouldBe(3);
        offline.ErrorLines[0].ShouldStartWith($"{file}:4:18: spec.strategy: ");
        offline.ErrorLines[1].ShouldStartWith($"{file}:5:21: spec.targets[0].hosts.rack: ");
        offline.ErrorLines[2].ShouldStartWith($"{file}:7:46: spec.waves[0].ramp.factor: ");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Validate_gives_the_same_answer_with_a_coordinator_as_without(string format)
    {
        using var offline = new CommandLine();
        foreach (var (name, text) in ((string, string)[])[("valid.yaml", Valid), ("invalid.yaml", Invalid)])
        {
            var file = _directory.Write(name, text);

            (await _failback.RunAsync("campaign", "validate", file, "--output", format)).ShouldBe(await offline.RunAsync("campaign", "validate", file, "--output", format));
        }

        (_failback.Output, _failback.Error).ShouldBe((offline.Output, offline.Error));
        _coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Validate_as_json_gives_the_errors_as_they_are()
    {
        using var offline = new CommandLine();
        var file = _directory.Write("one.yaml", Valid.Replace("targets:", "target:", StringComparison.Ordinal));

        (await offline.RunAsync("campaign", "validate", file, "--output", "json")).ShouldBe(ExitCode.Invalid);

        var answer = ValidateCampaignResponse.Parser.ParseJson(offline.OutputLines.ShouldHaveSingleItem());
        answer.Valid.ShouldBeFalse();
        answer.Errors.ShouldContain(error => error.Path == "spec.target" && error.Line == 5 && error.Column == 3);
        offline.Output.ShouldStartWith("""{ "valid": false, "errors": [ { "path": """);
        offline.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("create")]
    public async Task A_refused_document_is_answered_with_all_its_errors_even_when_the_refusal_was_cut(string verb)
    {
        _coordinator.Campaigns.On<ValidateCampaignRequest, ValidateCampaignResponse>(_ => Errors(40));
        _coordinator.Campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => throw Refused().ToRpcException());
        _coordinator.Campaigns.On<CreateCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => throw Refused().ToRpcException());

        (await _failback.RunAsync("campaign", verb, _file)).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.Count.ShouldBe(40);
        _failback.ErrorLines.ShouldAllBe(line => line.StartsWith(_file + ":", StringComparison.Ordinal));

        static RpcFailure Refused() => new(StatusCode.InvalidArgument, "INVALID_DOCUMENT", "The document has errors.")
        {
            FieldViolations = [.. Enumerable.Range(0, 40).Select(index => new FieldViolation($"field{index}", new string('x', 400)))],
        };
    }

    [Fact]
    public async Task Plan_shows_where_machines_go_that_go_over_two_hosts()
    {
        var plan = new CampaignPlan { ItemCount = 2, HostCount = 2, Waves = { new PlannedWave { Name = "all", Items = 2, Hosts = 2 } } };
        plan.Items.Add(new PlannedItem { ItemId = "i-1", Wave = "all", Host = "dr-01", OtherHost = "main-01", VirtualMachineName = "web-01", DiskBytes = 1L << 30 });
        plan.Items.Add(new PlannedItem { ItemId = "i-2", Wave = "all", Host = "ext-01", VirtualMachineName = "sql-01", DiskBytes = 1L << 30 });
        _coordinator.Campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => plan);

        (await _failback.RunAsync("campaign", "plan", _file, "--items")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines.Skip(3).ShouldBe(
        [
            "ITEM  WAVE  HOST    TO       MACHINE  DISKS  AFTER",
            "i-1   all   dr-01   main-01  web-01   1 GiB",
            "i-2   all   ext-01           sql-01   1 GiB",
        ]);
    }

    [Fact]
    public async Task Plan_prints_waves_peaks_and_refusals()
    {
        var plan = new CampaignPlan { ItemCount = 3, HostCount = 1, PeakCount = 1, RefusedCount = 1, WarningCount = 2 };
        plan.Waves.Add(new PlannedWave { Name = "canary", Items = 2, Hosts = 2, Gate = "soak 10m" });
        plan.Items.Add(new PlannedItem { ItemId = "i-1", Wave = "canary", Host = "hv-west-01", VirtualMachineName = "sql-01", DiskBytes = 240L << 30, AfterItemIds = { "i-0" }, AfterCount = 5 });
        plan.Peaks.Add(new LimitPeak { Limit = "host", Key = "hv-west-01", Allowed = 4, Peak = 1 });
        plan.Refused.Add(new RefusedItem { Host = "hv-west-02", VirtualMachineName = "[web]-01", Reason = "It is running." });
        plan.Warnings.Add(new PlanWarning { Kind = PlanWarningKind.TargetMatchesNothing, Message = "No host has the label rack=r12.", NeedsAcceptance = true });
        _coordinator.Campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => plan);

        (await _failback.RunAsync("campaign", "plan", _file, "--items")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines.ShouldBe(
        [
            "3 virtual machines on 1 host, in 1 wave.",
            "WAVE    ITEMS  HOSTS  GATE",
            "canary      2      2  soak 10m",
            "ITEM  WAVE    HOST        MACHINE    DISKS  AFTER",
            "i-1   canary  hv-west-01  sql-01   240 GiB  i-0 … 5 in all",
            "… and 2 more items.",
            "LIMIT  OF          ALLOWED  PEAK",
            "host   hv-west-01        4     1",
            "NOT FAILED BACK  HOST        WHY",
            "[web]-01         hv-west-02  It is running.",
            "warning: No host has the label rack=r12.",
            "… and 1 more warnings.",
        ]);
    }

    [Fact]
    public async Task Create_with_start_stores_and_starts()
    {
        _coordinator.Campaigns.On<CreateCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign(CampaignState.Ready));
        _coordinator.Campaigns.On<StartCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign(CampaignState.Running));

        (await _failback.RunAsync("campaign", "create", _file, "--id", "back", "--start")).ShouldBe(ExitCode.Success, _failback.Error);

        _coordinator.Campaigns.Requests.Select(request => request.GetType().Name).ShouldBe(["CreateCampaignRequest", "StartCampaignRequest"]);
        ((CreateCampaignRequest)_coordinator.Campaigns.Requests[0]).CampaignId.ShouldBe("back");
        _failback.OutputLines.ShouldHaveSingleItem().ShouldStartWith("return-to-east is RUNNING");
    }

    private static ValidateCampaignResponse Errors(int count)
    {
        var response = new ValidateCampaignResponse();
        response.Errors.AddRange(Enumerable.Range(0, count).Select(index => new DocumentError
        {
            Path = $"spec.waves[{index}].ramp.factor",
            Line = index + 1,
            Column = 5,
            Message = $"error {index}",
        }));
        return response;
    }
}
