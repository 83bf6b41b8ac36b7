using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>Every changing method of the contract, once with effect and once refused: what the audit says of it.</summary>
public sealed class CommandAuditTests : CoordinatorTest
{
    private static readonly string[] Reading =
        ["GetServerInfo", "ValidateCampaign", "PlanCampaign", "ExportRunbook", "GetCampaign", "ListCampaigns", "GetItem", "ExplainCampaign", "ListItems", "WatchCampaign", "WatchCampaigns", "ExportReport", "ExportAudit"];

    private Scenarios _scenarios = null!;
    private CampaignsClient _intern = null!;

    private delegate Task<string> Act(CommandAuditTests test);

    /// <summary>What a call does to the name that it returns, and how its record ends.</summary>
    private static Dictionary<string, (Act Done, Act Refused, string Refusal)> Calls { get; } = new(StringComparer.Ordinal)
    {
        ["CreateCampaign"] = (
            async test => (await test.Coordinator.CreateAsync(Yaml.Campaign("fresh"))).Name,
            async test =>
            {
                var campaign = await test._scenarios.InAsync(CampaignState.Ready);
                await test.Coordinator.CreateAsync(Yaml.Campaign(spec: "limits: {host: 3}"), campaign.Name["campaigns/".Length..]);
                return campaign.Name;
            },
            "ALREADY_EXISTS CAMPAIGN_EXISTS"),
        ["UpdateCampaign"] = (
            test => test.OnAsync(CampaignState.Ready, (client, name) => client.UpdateCampaignAsync(new UpdateCampaignRequest { Name = name, Document = new CampaignDocument { Text = Yaml.Campaign() } })),
            test => test.OnAsync(CampaignState.Running, (client, name) => client.UpdateCampaignAsync(new UpdateCampaignRequest { Name = name, Document = new CampaignDocument { Text = Yaml.Campaign() } })),
            "FAILED_PRECONDITION CAMPAIGN_STATE"),
        ["StartCampaign"] = (
            test => test.OnAsync(CampaignState.Ready, (client, name) => client.StartCampaignAsync(new StartCampaignRequest { Name = name })),
            test => test.OnAsync(CampaignState.Completed, (client, name) => client.StartCampaignAsync(new StartCampaignRequest { Name = name })),
            "FAILED_PRECONDITION CAMPAIGN_STATE"),
        ["PauseCampaign"] = (
            test => test.OnAsync(CampaignState.Running, (client, name) => client.PauseCampaignAsync(new PauseCampaignRequest { Name = name, Reason = "the link is full" })),
            test => test.OnAsync(CampaignState.Ready, (client, name) => client.PauseCampaignAsync(new PauseCampaignRequest { Name = name, Reason = "too early" })),
            "FAILED_PRECONDITION CAMPAIGN_STATE"),
        ["ResumeCampaign"] = (
            test => test.OnAsync(CampaignState.Paused, (client, name) => client.ResumeCampaignAsync(new ResumeCampaignRequest { Name = name })),
            test => test.OnAsync(CampaignState.Running, (client, name) => client.ResumeCampaignAsync(new ResumeCampaignRequest { Name = name, Reason = new string('x', 1025) })),
            "INVALID_ARGUMENT INVALID_REQUEST"),
        ["StopCampaign"] = (
            test => test.OnAsync(CampaignState.Running, (client, name) => client.StopCampaignAsync(new StopCampaignRequest { Name = name })),
            test => test.OnAsync(CampaignState.Completed, (client, name) => client.StopCampaignAsync(new StopCampaignRequest { Name = name })),
            "FAILED_PRECONDITION CAMPAIGN_STATE"),
        ["DeleteCampaign"] = (
            test => test.OnAsync(CampaignState.Completed, (client, name) => client.DeleteCampaignAsync(new DeleteCampaignRequest { Name = name, ConfirmName = name["campaigns/".Length..] })),
            test => test.OnAsync(CampaignState.Running, (client, name) => client.DeleteCampaignAsync(new DeleteCampaignRequest { Name = name, ConfirmName = name["campaigns/".Length..] })),
            "FAILED_PRECONDITION CAMPAIGN_STATE"),
        ["ApproveWave"] = (
            test => test.AtGateAsync((client, name) => client.ApproveWaveAsync(new ApproveWaveRequest { Name = name, Wave = "canary", Comment = "both are well" })),
            test => test.AtGateAsync((_, name) => test._intern.ApproveWaveAsync(new ApproveWaveRequest { Name = name, Wave = "canary" })),
            "PERMISSION_DENIED NOT_AN_APPROVER"),
        ["RejectWave"] = (
            test => test.AtGateAsync((client, name) => client.RejectWaveAsync(new RejectWaveRequest { Name = name, Wave = "canary", Comment = "vm-1 does not boot" })),
            test => test.AtGateAsync((_, name) => test._intern.RejectWaveAsync(new RejectWaveRequest { Name = name, Wave = "canary" })),
            "PERMISSION_DENIED NOT_AN_APPROVER"),
        ["EndSoak"] = (
            async test => await test.CallAsync((await test._scenarios.AtGateAsync("soak: 4h")).Name, (client, name) => client.EndSoakAsync(new EndSoakRequest { Name = name, Wave = "canary", Comment = "it is well" })),
            test => test.AtGateAsync((client, name) => client.EndSoakAsync(new EndSoakRequest { Name = name, Wave = "canary" })),
            "FAILED_PRECONDITION GATE_STATE"),
        ["RetryItems"] = (
            test => test.OnAsync(CampaignState.CompletedWithFailures, (client, name) => client.RetryItemsAsync(new RetryItemsRequest { Name = name })),
            test => test.OnAsync(CampaignState.Running, (client, name) => client.RetryItemsAsync(new RetryItemsRequest { Name = name, ItemIds = { "nobody" } })),
            "NOT_FOUND ITEM_NOT_FOUND"),
        ["CancelItem"] = (
            test => test.OnItemAsync(CampaignState.Running, "vm-1", (client, item) => client.CancelItemAsync(new CancelItemRequest { Name = item, ConfirmPossibleDataLoss = true, Reason = "wrong machine" })),
            test => test.OnItemAsync(CampaignState.Running, "vm-1", (client, item) => client.CancelItemAsync(new CancelItemRequest { Name = item })),
            "FAILED_PRECONDITION CONFIRMATION_REQUIRED"),
        ["SkipItem"] = (
            test => test.OnItemAsync(CampaignState.Running, "vm-2", (client, item) => client.SkipItemAsync(new SkipItemRequest { Name = item })),
            test => test.OnItemAsync(CampaignState.Running, "vm-1", (client, item) => client.SkipItemAsync(new SkipItemRequest { Name = item })),
            "FAILED_PRECONDITION ITEM_STATE"),
        ["ResolveItem"] = (
            test => test.OnUnknownAsync((client, item) => client.ResolveItemAsync(new ResolveItemRequest { Name = item, Resolution = ItemState.Succeeded, Reason = "it runs in the east" })),
            test => test.OnUnknownAsync((client, item) => client.ResolveItemAsync(new ResolveItemRequest { Name = item, Resolution = ItemState.Cancelled, Reason = "who knows" })),
            "INVALID_ARGUMENT INVALID_REQUEST"),
        ["RecheckItem"] = (
            test => test.OnUnknownAsync((client, item) => client.RecheckItemAsync(new RecheckItemRequest { Name = item })),
            test => test.OnItemAsync(CampaignState.Running, "vm-1", (client, item) => client.RecheckItemAsync(new RecheckItemRequest { Name = item })),
            "FAILED_PRECONDITION ITEM_STATE"),
    };

    public static TheoryData<string> Methods() => [.. Calls.Keys];

    public override async ValueTask InitializeAsync()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        _scenarios = new Scenarios(Coordinator, agent);
        _intern = new CampaignsClient(Coordinator.Connect(PeerRole.Operator, "intern"));
    }

    [Fact]
    public void Every_changing_method_of_the_contract_is_in_the_table() =>
        Calls.Keys.Order().ShouldBe(Contracts.Campaigns.V1.Campaigns.Descriptor.Methods.Select(method => method.Name).Except(Reading).Order());

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_was_done_is_recorded_with_who_where_what_when_and_OK(string method)
    {
        var before = TimeProvider.System.GetUtcNow();

        var target = await Calls[method].Done(this);

        await AssertRecordAsync(method, target, "dr-lead", "OK", before);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_was_refused_is_recorded_with_who_where_what_when_and_why(string method)
    {
        var before = TimeProvider.System.GetUtcNow();
        var (_, refused, refusal) = Calls[method];
        _target = null;

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => refused(this)));

        failure.Reason.ShouldBe(refusal.Split(' ')[1]);
        await AssertRecordAsync(method, _target ?? "campaigns/campaign-1", refusal.StartsWith("PERMISSION", StringComparison.Ordinal) ? "intern" : "dr-lead", refusal, before);
    }

    [Fact]
    public async Task A_repetition_is_recorded_as_one_that_changed_nothing()
    {
        var campaign = await _scenarios.InAsync(CampaignState.Paused);

        await Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name, Reason = "again" });

        var last = (await Coordinator.AuditAsync(campaign.Name))[^1];
        (last.Action, last.Result).ShouldBe(("PauseCampaign", "OK UNCHANGED"));
        last.Details.ShouldContain("again");
    }

    [Fact]
    public async Task A_request_too_large_for_a_record_stands_in_it_as_its_digest()
    {
        var campaign = await _scenarios.InAsync(CampaignState.Ready);

        await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.UpdateCampaignAsync(
            new UpdateCampaignRequest { Name = campaign.Name, Document = new CampaignDocument { Text = new string('<', 3_000_000) } }).ResponseAsync);

        var last = (await Coordinator.AuditAsync(campaign.Name))[^1];
        last.Result.ShouldBe("INVALID_ARGUMENT INVALID_DOCUMENT");
        using var details = JsonDocument.Parse(last.Details);
        details.RootElement.GetProperty("sha256").GetString()!.Length.ShouldBe(64);
        details.RootElement.GetProperty("bytes").GetInt32().ShouldBeGreaterThan(3_000_000);
    }

    [Fact]
    public async Task Two_certificates_of_one_name_are_two_in_the_audit_and_neither_is_named_by_what_was_not_proved()
    {
        string[] actors = [];
        for (var certificate = 0; certificate < 2; certificate++)
        {
            var maria = new CampaignsClient(Coordinator.Connect(PeerRole.Operator, "maria"));
            var campaign = await maria.CreateCampaignAsync(new CreateCampaignRequest { CampaignId = string.Create(CultureInfo.InvariantCulture, $"of-maria-{certificate}"), Document = new CampaignDocument { Text = Yaml.Campaign(), Source = "campaign.yaml" } });
            actors = [.. actors, (await Coordinator.AuditAsync(campaign.Name))[0].Actor];
            campaign.CreatedBy.ShouldBe(actors[^1]);
        }

        actors.ShouldAllBe(actor => Regex.IsMatch(actor, "^failback://operator/maria#serial=[0-9A-F]+$"));
        actors[0].ShouldNotBe(actors[1]);
    }

    [Fact]
    public async Task Records_of_one_item_and_of_commands_alone_can_be_asked_for()
    {
        var item = await _scenarios.ItemAsync(await _scenarios.InAsync(CampaignState.Completed), "vm-1");
        var campaign = string.Join('/', item.Split('/').Take(2));
        var all = await Coordinator.AuditAsync(campaign);

        (await ReadAsync(new ExportAuditRequest { Name = campaign, Target = item })).ShouldBe(all.Where(record => record.Target == item).Select(record => record.Sequence));
        var ordered = await ReadAsync(new ExportAuditRequest { Name = campaign, CommandsOnly = true });
        ordered.ShouldBe(all.Where(record => record.Actor != "coordinator").Select(record => record.Sequence));
        (ordered.Count, all.Count(record => record.Target == item)).ShouldSatisfyAllConditions(counts => counts.Item1.ShouldBeInRange(1, all.Count - 1), counts => counts.Item2.ShouldBeInRange(1, all.Count - 1));
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => ReadAsync(new ExportAuditRequest { Name = campaign, Target = new string('x', 513) }))).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("target");
    }

    private async Task<List<long>> ReadAsync(ExportAuditRequest request)
    {
        using var call = Coordinator.Campaigns.ExportAudit(request);
        var sequences = new List<long>();
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            sequences.Add(call.ResponseStream.Current.Sequence);
        }

        return sequences;
    }

    private string? _target;

    private async Task AssertRecordAsync(string method, string target, string actor, string result, DateTimeOffset before)
    {
        var campaign = string.Join('/', target.Split('/').Take(2));
        var record = (await Coordinator.AuditAsync(campaign)).Last(record => record.Action == method);
        record.Actor.ShouldContain(actor);
        record.Source.ShouldStartWith("ipv4:127.0.0.1:");
        record.Target.ShouldBe(target);
        record.Result.ShouldBe(result);
        record.Time.ToDateTimeOffset().ShouldBeInRange(before, TimeProvider.System.GetUtcNow());
        using var details = JsonDocument.Parse(record.Details);
        details.RootElement.TryGetProperty(method == "CreateCampaign" ? "document" : "name", out _).ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{record.Details}"));
    }

    private async Task<string> OnAsync<T>(CampaignState state, Func<CampaignsClient, string, AsyncUnaryCall<T>> call) =>
        await CallAsync((await _scenarios.InAsync(state)).Name, call);

    private async Task<string> AtGateAsync<T>(Func<CampaignsClient, string, AsyncUnaryCall<T>> call) =>
        await CallAsync((await _scenarios.AtGateAsync()).Name, call);

    private async Task<string> OnItemAsync<T>(CampaignState state, string machine, Func<CampaignsClient, string, AsyncUnaryCall<T>> call) =>
        await CallAsync(await _scenarios.ItemAsync(await _scenarios.InAsync(state), machine), call);

    private async Task<string> OnUnknownAsync<T>(Func<CampaignsClient, string, AsyncUnaryCall<T>> call) =>
        await CallAsync(await _scenarios.ItemAsync(await _scenarios.OfUnknownOutcomeAsync(), "vm-1"), call);

    private async Task<string> CallAsync<T>(string target, Func<CampaignsClient, string, AsyncUnaryCall<T>> call)
    {
        _target = target;
        await call(Coordinator.Campaigns, target).ResponseAsync;
        return target;
    }
}
