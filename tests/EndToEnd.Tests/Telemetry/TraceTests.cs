using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.Telemetry;

/// <summary>From a person's command to the host's method, as a collector sees it: three processes, no store between them.</summary>
public sealed class TraceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_command_leads_to_the_method_of_the_host()
    {
        using var collector = new Collector();
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 2000, collector.Environment);
        var document = Path.Combine(cluster.Root, "campaign.yaml");
        await File.WriteAllTextAsync(
            document,
            "apiVersion: failback/v1\nkind: Campaign\nmetadata: {name: home}\nspec: {targets: [{hosts: {}}], waves: [{name: all}]}\n",
            TestContext.Current.CancellationToken);
        string[] connection =
        [
            "--coordinator", cluster.Coordinator.Address.GetLeftPart(UriPartial.Authority), "--certificate", cluster.OperatorFiles.CertificatePath!,
            "--private-key", cluster.OperatorFiles.PrivateKeyPath!, "--authority", cluster.OperatorFiles.AuthorityPath!,
        ];
        (await FailbackCommand.RunAsync(["campaign", "create", document, .. connection])).ExitCode.ShouldBe(0);
        var started = await FailbackCommand.RunAsync(collector.Environment, ["campaign", "start", "home", .. connection]);
        started.ExitCode.ShouldBe(0, started.Everything);

        var item = await EndAsync(cluster);
        var operation = item.OperationId.Replace("-", "", StringComparison.Ordinal);
        var method = await SpanAsync(collector, span => span.Trace == operation && span.Name.EndsWith(".InitiateFailback", StringComparison.Ordinal), "the host's method");
        method.Service.ShouldBe("failback-agent");

        // Up within the agent: the method is a part of the call, which is durable before it.
        var call = await SpanAsync(collector, span => span.Id == method.Parent, "the call");
        call.Name.ShouldBe("operation.call failback");
        await SpanAsync(collector, span => span.Parent == call.Id && span.Name == "journal.commit", "the commit of the intent");

        // Across the wire: the same trace, by the operation's id.
        var initiate = await SpanAsync(collector, span => span.Trace == operation && span.Name == "operation.initiate", "the coordinator's part");
        initiate.Service.ShouldBe("failback-coordinator");
        await SpanAsync(collector, span => span.Trace == operation && span.Service == "failback-agent" && span.Attributes.GetValueOrDefault("rpc.method", span.Name).Contains("InitiateFailback", StringComparison.Ordinal), "the agent's answer");

        // Over the store: linked to the turn, which belongs to the command.
        var turn = await SpanAsync(collector, span => span.Name == "campaign.turn" && initiate.LinkedTraces.Contains(span.Trace), "the turn");
        var command = await SpanAsync(collector, span => span.Name == "failback campaign start" && (span.Trace == turn.Trace || turn.LinkedTraces.Contains(span.Trace)), "the command");
        command.Service.ShouldBe("failback");
        command.Parent.ShouldBeEmpty();
        foreach (var span in (CollectedSpan[])[command, turn, initiate, call, method])
        {
            output.WriteLine($"{span.Service,-20} {span.Name}\n  trace {span.Trace}, span {span.Id}, parent [{span.Parent}], linked to [{string.Join(", ", span.LinkedTraces)}]");
        }
    }

    [Fact]
    public async Task The_instruments_of_both_servers_are_sent_with_their_units()
    {
        using var collector = new Collector();
        // Somebody who is told, so that there is something to count.
        var settings = new Dictionary<string, string>(collector.Environment);
        foreach (var (key, value) in ((string, string)[])[("KIND", "email"), ("SMTPHOST", "127.0.0.1"), ("SMTPPORT", "1"), ("SMTPSECURITY", "none"), ("FROM", "failback@example.com"), ("TO__0", "dr@example.com")])
        {
            settings.Add($"COORDINATOR__NOTIFICATIONS__CHANNELS__MAIL__{key}", value);
        }

        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 2000, settings);
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new CreateCampaignRequest
        {
            Document = new CampaignDocument { Text = "apiVersion: failback/v1\nkind: Campaign\nmetadata: {name: home}\nspec: {targets: [{hosts: {}}], waves: [{name: all}]}\n" },
        });
        await cluster.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await EndAsync(cluster);

        var documented = File.ReadLines(Path.Combine(Repository.Root, "deploy", "observability", "README.md"))
            .Where(line => line.StartsWith("| `failback.", StringComparison.Ordinal)).Select(line => line.Split('|')).ToDictionary(cells => cells[1].Trim(' ', '`'), cells => cells[2].Trim(' ', '`'));
        documented.Count.ShouldBeGreaterThan(10);
        await UntilAsync(() => documented.Keys.All(collector.Instruments.ContainsKey), () => $"not sent: {string.Join(", ", documented.Keys.Where(name => !collector.Instruments.ContainsKey(name)))}");
        collector.Instruments.Where(sent => sent.Key.StartsWith("failback.", StringComparison.Ordinal)).ToDictionary().ShouldBe(documented, ignoreOrder: true);
    }

    [Theory]
    [InlineData("http://collector.example:4317", "it must be https, because names of hosts and machines would be read on the way. http is allowed to this machine only.")]
    [InlineData("collector", "it must be an address such as https://collector.example:4317.")]
    public async Task A_collector_that_is_not_allowed_is_refused_in_one_line(string endpoint, string expected)
    {
        var environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint };

        foreach (var arguments in (string[][])[["campaign", "schema"], ["run-coordinator", "--listen", "127.0.0.1:0"]])
        {
            var refused = await FailbackCommand.RunAsync(environment, arguments);
            refused.ExitCode.ShouldBe(2, refused.Everything);
            refused.Error.Split('\n').ShouldContain($"OTEL_EXPORTER_OTLP_ENDPOINT is \"{endpoint}\"; {expected}");
        }
    }

    private static async Task<Item> EndAsync(Cluster cluster)
    {
        Item? item = null;
        await UntilAsync(() => (item = cluster.Campaigns.ListItems(new ListItemsRequest { Parent = "campaigns/home" }).Items.Single()).State == ItemState.Succeeded, () => $"the item is {item}");
        return item!;
    }

    private static async Task<CollectedSpan> SpanAsync(Collector collector, Func<CollectedSpan, bool> isIt, string what)
    {
        await UntilAsync(() => collector.Spans.Any(isIt), () => $"no span for {what} among:\n{string.Join('\n', collector.Spans)}");
        return collector.Spans.First(isIt);
    }

    private static async Task UntilAsync(Func<bool> isSo, Func<string> otherwise)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException(otherwise());
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
