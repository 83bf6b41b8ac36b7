using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>Three coordinators of one PostgreSQL, each a process of its own: one works, the others relay to it, and it does not matter which of them anybody speaks to.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class RelayTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const int Hosts = 4;
    private const int MachinesPerHost = 10;
    private const int Items = Hosts * MachinesPerHost;
    private const int WatchersPerNode = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Watchers_of_every_coordinator_see_a_campaign_to_its_end_while_one_after_the_other_is_restarted()
    {
        await using var cluster = await StartAsync();
        await using var second = await StandByAsync(cluster, "second");
        await using var third = await StandByAsync(cluster, "third");
        ServerProcess[] nodes = [cluster.Coordinator, second, third];

        // Created at one, read at another, started at the last: there is one truth, and an answer is never older than an own command.
        var campaign = await cluster.CampaignsAt(third).CreateCampaignAsync(new() { Document = new() { Text = SharedDatabase.Campaign("estate"), Source = "estate.yaml" } });
        (await cluster.CampaignsAt(second).GetCampaignAsync(new() { Name = campaign.Name })).Version.ShouldBe(campaign.Version);
        var watchers = nodes.SelectMany(node => Enumerable.Range(0, WatchersPerNode).Select(_ => new NodeWatcher(cluster.CampaignsAt([node.Address]), campaign.Name))).ToList();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var watching = Task.WhenAll(watchers.Select(watcher => watcher.WatchAsync(deadline.Token)));
        await cluster.CampaignsAt(second).StartCampaignAsync(new() { Name = campaign.Name });

        var gaps = new List<TimeSpan>();
        for (var restarts = 1; restarts <= nodes.Length; restarts++)
        {
            await UntilAsync(() => watchers[0].Succeeded >= 8 * restarts, deadline.Token);
            var atWork = nodes.Single(node => node.IsReady);
            var begin = TimeProvider.System.GetTimestamp();
            await atWork.StopAsync();
            await UntilAsync(() => nodes.Any(node => node.IsReady), deadline.Token);
            gaps.Add(TimeProvider.System.GetElapsedTime(begin));
            atWork.Begin();
            await UntilAsync(() => CountOf(atWork.Output, "Standing by on https://") >= atWork.Lives - (atWork == cluster.Coordinator ? 1 : 0), deadline.Token);
        }

        await watching;
        var end = await cluster.CampaignsAt([.. nodes.Select(node => node.Address)]).GetCampaignAsync(new() { Name = campaign.Name });
        (end.State, end.Counts.Succeeded).ShouldBe((CampaignState.Completed, Items), end.Explanation);
        (await cluster.CountInitiationsAsync()).ShouldBe(Items);
        foreach (var watcher in watchers)
        {
            watcher.Versions.ShouldBeInOrder(SortDirection.Ascending, "what was shown went back");
            watcher.Versions[^1].ShouldBe(end.Version);
            watcher.States.ToDictionary().ShouldAllBe(item => item.Value == ItemState.Succeeded);
            watcher.States.Count.ShouldBe(Items);
        }

        nodes.ShouldAllBe(node => !node.Output.Contains("CAMPAIGN_CLAIMED_TWICE", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stop of the one at work to the next one's listening: {string.Join(", ", gaps.Select(gap => $"{gap.TotalSeconds:0.00} s"))}"));
    }

    [Theory]
    [InlineData("KILL", 2)]
    [InlineData("STOP", 1)]
    public async Task Work_goes_on_and_any_coordinator_answers_however_often_the_one_at_work_is_struck(string signal, int strikes)
    {
        var asked = Takeovers;
        strikes = asked ?? strikes;
        await using var cluster = await StartAsync(machinesPerHost: 5 + (strikes * 4), speed: 1500, patience: asked is null);
        await using var second = await StandByAsync(cluster, "second");
        await using var third = await StandByAsync(cluster, "third");
        ServerProcess[] nodes = [cluster.Coordinator, second, third];
        var anywhere = cluster.CampaignsAt([.. nodes.Select(node => node.Address)]);
        var campaign = await anywhere.CreateCampaignAsync(new() { Document = new() { Text = SharedDatabase.Campaign("estate"), Source = "estate.yaml" } });
        await anywhere.StartCampaignAsync(new() { Name = campaign.Name });
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience + (strikes * TimeSpan.FromSeconds(20)));

        var begun = nodes.ToDictionary(node => node, _ => 0);
        var (answered, worked, ended) = (new List<double>(), new List<double>(), new List<double>());
        for (var strike = 1; strike <= strikes; strike++)
        {
            await SeenAsync(anywhere, now => now.Counts.Succeeded >= 8 * strike && now.Counts.Running > 0);
            var atWork = nodes.Single(node => node.IsReady);
            await UntilAsync(() => nodes.All(node => node == atWork || node.Output[begun[node]..].Contains("is reached at ", StringComparison.Ordinal)), deadline.Token);
            // One who knows a single coordinator, and not the one that is struck.
            var other = cluster.CampaignsAt(nodes.First(node => node != atWork));
            var before = await SeenAsync(other, _ => true);
            var begin = TimeProvider.System.GetTimestamp();
            await atWork.SignalAsync(signal);
            await SeenAsync(other, now => now.Version > before.Version || now.EndTime is not null, now => answered.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds));
            worked.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            if (signal == "STOP")
            {
                await atWork.SignalAsync("CONT");
            }

            var woken = TimeProvider.System.GetTimestamp();
            await atWork.EndedAsync(deadline.Token);
            ended.Add(TimeProvider.System.GetElapsedTime(woken).TotalSeconds);
            begun[atWork] = atWork.Output.Length;
            atWork.Begin();
        }

        var end = await SeenAsync(anywhere, now => now.EndTime is not null);
        (end.State, end.Counts.Succeeded, end.Counts.Total).ShouldBe((CampaignState.Completed, end.Counts.Total, Hosts * (5 + (strikes * 4))), end.Explanation);
        (await cluster.CountInitiationsAsync()).ShouldBe(end.Counts.Total);
        nodes.ShouldAllBe(node => !node.Output.Contains("CAMPAIGN_CLAIMED_TWICE", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine($"{strikes} x {signal}: another coordinator answered after {Spread(answered)}, the campaign went on after {Spread(worked)}, the struck one had ended {Spread(ended)} later");

        async Task<Campaign> SeenAsync(Contracts.Campaigns.V1.Campaigns.CampaignsClient campaigns, Func<Campaign, bool> reached, Action<Campaign>? first = null)
        {
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (true)
            {
                try
                {
                    // An answer of the one that is struck may still be under way; a stopped one answers nothing.
                    var now = await campaigns.GetCampaignAsync(new() { Name = campaign.Name }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(5), cancellationToken: deadline.Token);
                    first?.Invoke(now);
                    first = null;
                    if (reached(now))
                    {
                        return now;
                    }
                }
                catch (RpcException exception) when (RpcFailure.From(exception).StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && !deadline.IsCancellationRequested)
                {
                    // None is at work.
                }

                await look.WaitForNextTickAsync(deadline.Token);
            }
        }
    }

    [Fact]
    public async Task Command_line_REST_console_and_audit_are_those_of_the_one_at_work()
    {
        await using var cluster = await StartAsync("--console", "127.0.0.1:0");
        await using var second = await StandByAsync(cluster, "second");
        var console = new Uri(StandsByOn().Match(second.Output).Groups["console"].Value);
        await cluster.CampaignsAt(second).CreateCampaignAsync(new() { Document = new() { Text = SharedDatabase.Campaign("estate"), Source = "estate.yaml" } });

        var shown = await FailbackCommand.RunAsync([
            "campaign", "show", "estate", "--coordinator", second.Address.GetLeftPart(UriPartial.Authority),
            "--certificate", cluster.OperatorFiles.CertificatePath!, "--private-key", cluster.OperatorFiles.PrivateKeyPath!, "--authority", cluster.OperatorFiles.AuthorityPath!]);
        shown.ExitCode.ShouldBe(0, shown.Everything);
        shown.Everything.ShouldContain("estate is READY");

        using var browser = Http(cluster, cluster.OperatorFiles);
        using var rest = new HttpRequestMessage(HttpMethod.Get, new Uri(second.Address, "/v1/campaigns/estate")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answered = await browser.SendAsync(rest, TestContext.Current.CancellationToken);
        (answered.StatusCode, await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldSatisfyAllConditions(
            answer => answer.StatusCode.ShouldBe(HttpStatusCode.OK),
            answer => answer.Item2.ShouldContain("campaigns/estate"));
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(console, "/campaigns/estate")) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var got = await browser.SendAsync(page, TestContext.Current.CancellationToken);
            got.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("_framework/blazor.web");
        }

        // Whoever relays has no right of its own, and a viewer none to act.
        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await cluster.CampaignsAt(second, PeerRole.Viewer).StartCampaignAsync(new() { Name = "campaigns/estate" })));
        refused.Reason.ShouldBe("ROLE_NOT_ALLOWED");
        using var records = cluster.CampaignsAt(second).ExportAudit(new() { Name = "campaigns/estate" });
        var created = await records.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).FirstAsync(TestContext.Current.CancellationToken);
        created.Actor.ShouldStartWith("failback://operator/test#serial=");
        created.Source.ShouldMatch(@"^ipv4:127\.0\.0\.1:\d+ relayed by 127\.0\.0\.1:\d+$");

        // Nobody is at work any more, and the only one that stands by takes over on the addresses that it has.
        await cluster.Coordinator.KillAsync();
        await second.WroteAsync($"Console listens on {console.GetLeftPart(UriPartial.Authority)}", Patience);
        (await cluster.CampaignsAt([second.Address]).GetCampaignAsync(new() { Name = "campaigns/estate" })).State.ShouldBe(CampaignState.Ready);
    }

    private static HttpClient Http(Cluster cluster, MutualTlsOptions files)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(files.AuthorityPath!);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.ClientCertificates = [cluster.Operator.Certificate];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        return new HttpClient(handler);
    }

    // TAKEOVERS sets how often, with the patience that a coordinator has by default: a measurement, for a machine that does nothing else.
    private static int? Takeovers => int.TryParse(Environment.GetEnvironmentVariable("TAKEOVERS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : null;

    private static string Spread(List<double> seconds)
    {
        seconds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{seconds[0]:0.00} / {seconds[seconds.Count / 2]:0.00} / {seconds[^1]:0.00} s (shortest, median, longest)");
    }

    private Task<Cluster> StartAsync(params string[] coordinator) => StartAsync(MachinesPerHost, speed: 300, patience: true, coordinator);

    private async Task<Cluster> StartAsync(int machinesPerHost, double speed, bool patience, params string[] coordinator)
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await server.CreateDatabaseAsync();
        return await Cluster.StartAsync(EstateGenerator.Generate(Hosts, machinesPerHost, seed: 12), speed, coordinator: [.. SharedDatabase.Standby(server, database, patience), .. coordinator]);
    }

    private static async Task<ServerProcess> StandByAsync(Cluster cluster, string name)
    {
        var node = cluster.AnotherCoordinator(name);
        node.Begin();
        await node.WroteAsync("The coordinator at work is reached at ", Patience);
        return node;
    }

    private static int CountOf(string text, string part) => text.Split(part).Length - 1;

    private static async Task UntilAsync(Func<bool> reached, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached())
        {
            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    [GeneratedRegex(@"Standing by on (?<api>https://\S+) and (?<console>https://\S+):", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StandsByOn();

    /// <summary>Watches a campaign at one coordinator, over all that becomes of it.</summary>
    private sealed class NodeWatcher(Contracts.Campaigns.V1.Campaigns.CampaignsClient campaigns, string name)
    {
        private readonly List<long> _versions = [];

        public IReadOnlyList<long> Versions => _versions;

        public ConcurrentDictionary<string, ItemState> States { get; } = new(StringComparer.Ordinal);

        public int Succeeded => States.Values.Count(state => state == ItemState.Succeeded);

        public async Task WatchAsync(CancellationToken cancellationToken)
        {
            using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (true)
            {
                try
                {
                    using var call = campaigns.WatchCampaign(new() { Name = name }, cancellationToken: cancellationToken);
                    await foreach (var update in call.ResponseStream.ReadAllAsync(cancellationToken))
                    {
                        _versions.Add(update.Version);
                        foreach (var item in update.Items)
                        {
                            States[item.Name] = item.State;
                        }
                    }

                    return;
                }
                catch (RpcException exception) when (RpcFailure.From(exception).StatusCode == StatusCode.Unavailable && !cancellationToken.IsCancellationRequested)
                {
                    // Its coordinator, or the one at work, was stopped.
                }

                await again.WaitForNextTickAsync(cancellationToken);
            }
        }
    }
}
