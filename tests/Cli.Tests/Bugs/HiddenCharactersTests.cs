using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>Names and reasons come from hosts and people: escapes, line ends and direction overrides in them reached terminals.</summary>
public sealed class HiddenCharactersTests : IClassFixture<FakeCoordinator>, IDisposable
{
    // YAML's own escapes: the values have what cannot be seen, the file does not.
    private const string Document =
        """
        kind: Campaign
        spec: {strategy: "tele\u202Eport\e[2J\u2028fake\nline\x9B31m"}
        """;

    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();

    public HiddenCharactersTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
    }

    public static TheoryData<string, int> Runs
    {
        get
        {
            var runs = new TheoryData<string, int>();
            foreach (var command in new[]
            {
                "campaign list", "campaign show a", "campaign explain a", "campaign show a --items", "campaign validate FILE", "campaign plan FILE --items", "campaign plan FILE --forecast",
                "campaign create FILE", "campaign update a FILE", "campaign start a", "campaign watch a", "campaign pause a", "campaign approve a w", "campaign end-soak a w", "campaign retry a",
                "campaign skip a i", "campaign resolve a i --as failed --reason x", "host list", "host show a", "host vms a", "host check a 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10",
                "campaign list --stuck", "doctor", "vm proofs", "notify channels", "notify dead", "notify test ops", "notify audit", "vm list", "vm status returns/a", "vm pause returns/a", "vm audit returns/a", "vm run returns/a",
            })
            {
                foreach (var width in new[] { 20, 40, 80, 200, 10_000 })
                {
                    runs.Add(command, width);
                }
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
    public async Task No_command_writes_what_cannot_be_seen(string command, int width)
    {
        AnswerWith(new Random(command.Length + width));
        _failback.Width = width;
        await _failback.RunAsync(Words(command));
        (_failback.Output + _failback.Error).ShouldContain("\\u202E");
        Hostile.IsClean(_failback.Output).ShouldBeTrue(_failback.Output);
        Hostile.IsClean(_failback.Error).ShouldBeTrue(_failback.Error);
        _failback.Output.Split('\n').ShouldAllBe(line => !line.TrimStart().StartsWith("fake", StringComparison.Ordinal) && !line.TrimStart().StartsWith("line", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("campaign show a --items")]
    [InlineData("campaign plan FILE")]
    [InlineData("host vms a")]
    [InlineData("campaign watch a")]
    public async Task JSON_is_escaped_and_loses_nothing(string command)
    {
        AnswerWith(new Random(1));
        await _failback.RunAsync([.. Words(command), "--output", "json"]);
        Hostile.IsClean(_failback.Output).ShouldBeTrue(_failback.Output);
        Texts(JsonDocument.Parse(_failback.OutputLines[0]).RootElement).ShouldContain(text => text.StartsWith(Hostile.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_of_the_server_stays_on_its_lines()
    {
        _coordinator.Hosts.List = _ => throw new RpcFailure(StatusCode.InvalidArgument, "X", Hostile.Text) { FieldViolations = [new FieldViolation(Hostile.Text, Hostile.Text)] }.ToRpcException();
        (await _failback.RunAsync("host", "list")).ShouldBe(ExitCode.Invalid);
        Hostile.IsClean(_failback.Error).ShouldBeTrue(_failback.Error);
        _failback.ErrorLines.Count.ShouldBe(2);
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    private string[] Words(string command)
        => [.. command.Split(' ').Select(word => word == "FILE" ? _directory.Write("file.yaml", Document) : word)];

    private void AnswerWith(Random random)
    {
        var campaigns = _coordinator.Campaigns;
        campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => Last(Hostile.Fill<ListCampaignsResponse>(random), page => page.NextPageToken = ""));
        campaigns.On<ListItemsRequest, ListItemsResponse>(_ => Last(Hostile.Fill<ListItemsResponse>(random), page => page.NextPageToken = ""));
        campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => Last(Hostile.Fill<CampaignPlan>(random), plan => plan.Forecast?.Missing.Clear()));
        campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => Hostile.Fill<ExplainCampaignResponse>(random));
        campaigns.On<GetServerInfoRequest, ServerInfo>(_ => Hostile.Fill<ServerInfo>(random));
        campaigns.On<RetryItemsRequest, RetryItemsResponse>(_ => Hostile.Fill<RetryItemsResponse>(random));
        _coordinator.Returns.Shown = () => Hostile.Fill<Return>(random);
        _coordinator.Returns.List = _ => Last(Hostile.Fill<ListReturnsResponse>(random), page => page.NextPageToken = "");
        _coordinator.Returns.Watched = () => [Hostile.Fill<Return>(random)];
        _coordinator.Returns.Audit = () => [Hostile.Fill<AuditRecord>(random)];
        _coordinator.Drills.Proofs = Last(Hostile.Fill<ListProofsResponse>(random), page => page.NextPageToken = "");
        _coordinator.Notifications.Channels = Hostile.Fill<ListNotificationChannelsResponse>(random);
        _coordinator.Notifications.Pages = [Last(Hostile.Fill<ListDeadLettersResponse>(random), page => page.NextPageToken = "")];
        _coordinator.Notifications.Audit = [Hostile.Fill<AuditRecord>(random)];
        On<GetCampaignRequest>();
        On<CreateCampaignRequest>();
        On<UpdateCampaignRequest>();
        On<StartCampaignRequest>();
        On<PauseCampaignRequest>();
        On<ApproveWaveRequest>();
        On<EndSoakRequest>();
        campaigns.On<SkipItemRequest, Item>(_ => Hostile.Fill<Item>(random));
        campaigns.On<ResolveItemRequest, Item>(_ => Hostile.Fill<Item>(random));
        campaigns.Watch = async (_, stream, _) =>
        {
            var update = Hostile.Fill<CampaignUpdate>(random);
            update.Snapshot = false;
            update.Campaign.State = CampaignState.Completed;
            await stream.WriteAsync(update);
        };
        _coordinator.Hosts.List = _ => Last(Hostile.Fill<ListHostsResponse>(random), page => page.NextPageToken = "");
        _coordinator.Hosts.Get = _ => Hostile.Fill<ManagedHost>(random);
        _coordinator.Hosts.VirtualMachines = _ => Last(Hostile.Fill<ListVirtualMachinesResponse>(random), page => page.NextPageToken = "");
        _coordinator.Hosts.Check = _ => Hostile.Fill<CheckReadinessResponse>(random);

        void On<TRequest>()
            where TRequest : IMessage
            => campaigns.On<TRequest, Campaign>(_ => Hostile.Fill<Campaign>(random));
    }

    private static T Last<T>(T message, Action<T> change)
    {
        change(message);
        return message;
    }
}
