using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>Every command in every state of a campaign, over the wire: allowed, or refused with the state and what would allow it.</summary>
public sealed class CommandStateTests : CoordinatorTest
{
    private const string State = "CAMPAIGN_STATE";
    private const string Item = "ITEM_STATE";

    private CampaignsClient? _trials;

    private static readonly CampaignState[] States =
    [
        CampaignState.Ready, CampaignState.Scheduled, CampaignState.Running, CampaignState.Paused, CampaignState.Stopping,
        CampaignState.Completed, CampaignState.CompletedWithFailures, CampaignState.Stopped,
    ];

    // Item commands are about vm-1, which runs while the campaign does; skip is about vm-2, which waits meanwhile.
    private static Dictionary<string, Func<CampaignsClient, string, string, string, Task>> Commands { get; } = new(StringComparer.Ordinal)
    {
        ["update"] = (client, name, _, _) => client.UpdateCampaignAsync(new UpdateCampaignRequest { Name = name, Document = new CampaignDocument { Text = Yaml.Campaign() } }).ResponseAsync,
        ["start"] = (client, name, _, _) => client.StartCampaignAsync(new StartCampaignRequest { Name = name }).ResponseAsync,
        ["pause"] = (client, name, _, _) => client.PauseCampaignAsync(new PauseCampaignRequest { Name = name }).ResponseAsync,
        ["resume"] = (client, name, _, _) => client.ResumeCampaignAsync(new ResumeCampaignRequest { Name = name }).ResponseAsync,
        ["stop"] = (client, name, _, _) => client.StopCampaignAsync(new StopCampaignRequest { Name = name }).ResponseAsync,
        ["approve"] = (client, name, _, _) => client.ApproveWaveAsync(new ApproveWaveRequest { Name = name, Wave = "all" }).ResponseAsync,
        ["reject"] = (client, name, _, _) => client.RejectWaveAsync(new RejectWaveRequest { Name = name, Wave = "all" }).ResponseAsync,
        ["end soak"] = (client, name, _, _) => client.EndSoakAsync(new EndSoakRequest { Name = name, Wave = "all" }).ResponseAsync,
        ["cancel"] = (client, _, item, _) => client.CancelItemAsync(new CancelItemRequest { Name = item, ConfirmPossibleDataLoss = true }).ResponseAsync,
        ["skip"] = (client, _, _, other) => client.SkipItemAsync(new SkipItemRequest { Name = other }).ResponseAsync,
        ["resolve"] = (client, _, item, _) => client.ResolveItemAsync(new ResolveItemRequest { Name = item, Resolution = ItemState.Failed, Reason = "seen" }).ResponseAsync,
        ["recheck"] = (client, _, item, _) => client.RecheckItemAsync(new RecheckItemRequest { Name = item }).ResponseAsync,
    };

    //                                          READY   SCHEDULED RUNNING PAUSED STOPPING COMPLETED FAILURES STOPPED; empty: allowed.
    public static TheoryData<string, string[]> Table() => new()
    {
        { "update",  ["",     "",       State,  State, State,   State,    State,   State] },
        { "start",   ["",     "",       "",     "",    State,   State,    State,   State] },
        { "pause",   [State,  State,    "",     "",    State,   State,    State,   State] },
        { "resume",  [State,  State,    "",     "",    State,   State,    State,   State] },
        { "stop",    ["",     "",       "",     "",    "",      State,    State,   ""] },
        { "approve", [.. Enumerable.Repeat("NO_GATE", 8)] },
        { "reject",  [.. Enumerable.Repeat("NO_GATE", 8)] },
        { "end soak", [.. Enumerable.Repeat("GATE_STATE", 8)] },
        { "cancel",  [Item,   Item,     "",     "",    "",      Item,     Item,    Item] },
        { "skip",    ["",     "",       "",     "",    "",      State,    State,   State] },
        { "resolve", [Item,   Item,     Item,   Item,  Item,    Item,     "",      Item] },
        { "recheck", [.. Enumerable.Repeat(Item, 8)] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_command_is_allowed_or_refused_by_the_state(string command, string[] expected)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        var scenarios = new Scenarios(Coordinator, agent);
        for (var index = 0; index < States.Length; index++)
        {
            var campaign = await scenarios.InAsync(States[index]);
            campaign.State.ShouldBe(States[index]);
            var (item, other) = (await scenarios.ItemAsync(campaign, "vm-1"), await scenarios.ItemAsync(campaign, "vm-2"));

            var foreseen = command is "update" or "recheck" ? null : await TryAsync(command, campaign.Name, item, other);
            var reason = string.Empty;
            try
            {
                await Commands[command](Coordinator.Campaigns, campaign.Name, item, other);
            }
            catch (RpcException refused)
            {
                (foreseen ?? RpcFailure.From(refused).Message).ShouldBe(RpcFailure.From(refused).Message);
                var failure = RpcFailure.From(refused);
                reason = failure.Reason;
                failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
                if (reason == State)
                {
                    failure.Message.ShouldEndWith($"it is {Word(States[index])}.", customMessage: command);
                }
            }

            reason.ShouldBe(expected[index], $"{command} while {States[index]}");
            (foreseen?.Length > 0).ShouldBe(foreseen is not null && reason.Length > 0, $"the trial of {command} while {States[index]}");
        }
    }

    [Fact]
    public async Task A_trial_answers_with_what_would_be_shown_and_leaves_everything_as_it_is()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        var scenarios = new Scenarios(Coordinator, agent);
        var campaign = await scenarios.InAsync(CampaignState.CompletedWithFailures);
        var before = (await Coordinator.AuditAsync(campaign.Name)).Count;

        var foreseen = await Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest { Name = campaign.Name, RequestId = Guid.NewGuid().ToString(), ValidateOnly = true });
        foreseen.Items.Select(item => item.VirtualMachineName).ShouldBe(["vm-1", "vm-2"]);
        foreseen.Items.ShouldAllBe(item => item.State != ItemState.Failed);

        var after = await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name });
        (after.Version, after.State).ShouldBe((campaign.Version, CampaignState.CompletedWithFailures));
        (await Coordinator.AuditAsync(campaign.Name)).Count.ShouldBe(before);

        var paused = await scenarios.InAsync(CampaignState.Paused);
        (await Coordinator.Campaigns.ResumeCampaignAsync(new ResumeCampaignRequest { Name = paused.Name, ValidateOnly = true })).State.ShouldBe(CampaignState.Running);
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = paused.Name })).State.ShouldBe(CampaignState.Paused);
    }

    /// <summary>Tries a command and checks that nothing has changed. Returns why it would be refused; empty when it would not.</summary>
    private async Task<string> TryAsync(string command, string campaign, string item, string other)
    {
        var version = (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign })).Version;
        var records = (await Coordinator.AuditAsync(campaign)).Count;
        var refusal = string.Empty;
        try
        {
            await Commands[command](_trials ??= new CampaignsClient(Coordinator.Connect(PeerRole.Operator, "dr-lead").Intercept(new Trial())), campaign, item, other);
        }
        catch (RpcException refused)
        {
            refusal = RpcFailure.From(refused).Message;
        }

        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign })).Version.ShouldBe(version, command);
        (await Coordinator.AuditAsync(campaign)).Count.ShouldBe(records, command);
        return refusal;
    }

    private sealed class Trial : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            ((IMessage)request).Descriptor.FindFieldByName("validate_only").Accessor.SetValue((IMessage)request, true);
            return continuation(request, context);
        }
    }

    [Theory]
    [InlineData(CampaignState.CompletedWithFailures, "")]
    [InlineData(CampaignState.Running, Item)]
    [InlineData(CampaignState.Paused, Item)]
    [InlineData(CampaignState.Completed, Item)]
    [InlineData(CampaignState.Scheduled, State)]
    [InlineData(CampaignState.Ready, State)]
    [InlineData(CampaignState.Stopping, State)]
    [InlineData(CampaignState.Stopped, State)]
    public async Task Retry_is_for_what_has_ended_without_success(CampaignState state, string expected)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        var scenarios = new Scenarios(Coordinator, agent);
        var campaign = await scenarios.InAsync(state);
        var item = await scenarios.ItemAsync(campaign, "vm-1");
        var request = new RetryItemsRequest { Name = campaign.Name, ItemIds = { item[(item.LastIndexOf('/') + 1)..] } };

        var reason = string.Empty;
        try
        {
            (await Coordinator.Campaigns.RetryItemsAsync(request)).Items.ShouldHaveSingleItem().Name.ShouldBe(item);
        }
        catch (RpcException refused)
        {
            reason = RpcFailure.From(refused).Reason;
        }

        reason.ShouldBe(expected);
    }

    [Fact]
    public async Task A_gate_hears_its_approvers_alone_and_only_while_it_waits()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        var campaign = await new Scenarios(Coordinator, agent).AtGateAsync();
        var intern = new CampaignsClient(Coordinator.Connect(PeerRole.Operator, "intern"));
        campaign.Waves[0].Approvers.ShouldBe(["dr-lead"]);

        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(
            () => intern.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "canary" }).ResponseAsync));
        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.PermissionDenied, "NOT_AN_APPROVER"));
        refused.Message.ShouldContain("the approvers are dr-lead");
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).Waves[0].State.ShouldBe(WaveState.AtGate);

        var rejected = await Coordinator.Campaigns.RejectWaveAsync(new RejectWaveRequest { Name = campaign.Name, Wave = "canary", Comment = "vm-1 does not boot" });
        (rejected.State, rejected.PauseCause).ShouldBe((CampaignState.Paused, PauseCause.Gate));
        rejected.Explanation.ShouldContain("vm-1 does not boot");

        var approved = await Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "canary", Comment = "it boots now" });
        (approved.State, approved.Waves[0].State).ShouldBe((CampaignState.Running, WaveState.Done));
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
    }

    private static string Word(CampaignState state) => string.Concat(state.ToString().Select((letter, index) =>
        index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
