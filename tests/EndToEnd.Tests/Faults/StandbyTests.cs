using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>Two coordinators have one PostgreSQL: one works and the other stands by. Whatever happens to the one, the other goes on, and every machine is started once.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StandbyTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const int Hosts = 4;
    private const int MachinesPerHost = 10;
    private const int Items = Hosts * MachinesPerHost;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Standby_takes_over_from_a_coordinator_that_dies_and_from_one_that_is_stopped_and_the_woken_one_leaves_it_alone()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await server.CreateDatabaseAsync();
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(Hosts, MachinesPerHost, seed: 12), speed: 300, coordinator: SharedDatabase.Standby(server, database));
        var first = cluster.Coordinator;
        await using var second = cluster.AnotherCoordinator("second");
        var ready = second.StartAgainAsync();
        await second.WroteAsync("Standing by: another coordinator (connected from 127.0.0.1 since ", Patience);
        second.IsReady.ShouldBeFalse();

        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = SharedDatabase.Campaign("estate"), Source = "estate.yaml" } });
        await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });
        await UntilAsync(cluster.CampaignsAt(first.Address), campaign.Name, now => now.Counts.Succeeded >= 3 && now.Counts.Running > 0);

        // Dies, comes back and stands by in its turn.
        var killed = Stopwatch.GetTimestamp();
        await first.KillAsync();
        await ready.WaitAsync(Patience);
        var afterDeath = Stopwatch.GetElapsedTime(killed);
        var either = cluster.CampaignsAt(first.Address, second.Address);
        var watch = FailbackCommand.RunAsync(
            "campaign", "watch", "estate", "--coordinator", $"{first.Address.GetLeftPart(UriPartial.Authority)},{second.Address.GetLeftPart(UriPartial.Authority)}",
            "--certificate", cluster.OperatorFiles.CertificatePath!, "--private-key", cluster.OperatorFiles.PrivateKeyPath!, "--authority", cluster.OperatorFiles.AuthorityPath!);
        var back = first.StartAgainAsync();
        await first.WroteAsync("Standing by", Patience);
        await UntilAsync(either, campaign.Name, now => now.Counts.Succeeded >= 10 && now.Counts.Running > 0);

        // Is only out of its mind for a while, and finds its place taken.
        var stopped = Stopwatch.GetTimestamp();
        await second.SignalAsync("STOP");
        await back.WaitAsync(Patience);
        var afterStop = Stopwatch.GetElapsedTime(stopped);
        // The agents obey it at once, although the other one's connections are open: it has the store after that one.
        await UntilAsync(cluster.CampaignsAt(first.Address), campaign.Name, now => now.Counts.Succeeded >= 20);
        var obeyed = Stopwatch.GetElapsedTime(stopped);
        var before = second.Output.Length;
        await second.SignalAsync("CONT");
        await second.EndedAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        second.ExitCode.ShouldBe(3, second.Output);
        await second.WroteAsync("has taken the store while the connection to it was lost; this one stops", Patience);

        var end = await UntilAsync(either, campaign.Name, now => now.EndTime is not null);
        end.State.ShouldBe(CampaignState.Completed, end.Explanation);
        end.Counts.Succeeded.ShouldBe(Items);
        (await cluster.CountInitiationsAsync()).ShouldBe(Items);
        (await server.ExecuteAsync(database, "SELECT count(*) = max(version) AND count(*) = (SELECT version FROM campaigns) FROM events")).ShouldBe(true);
        second.Output[before..].ShouldNotContain("reloaded from the store", Case.Sensitive, "the woken one took the campaign back");
        (first.Output + second.Output).ShouldNotContain("CAMPAIGN_CLAIMED_TWICE");
        var watched = await watch;
        watched.ExitCode.ShouldBe(0, watched.Everything);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready after SIGKILL in {afterDeath.TotalSeconds:0.0} s, after SIGSTOP in {afterStop.TotalSeconds:0.0} s, and work went on after {obeyed.TotalSeconds:0.0} s"));
    }

    private static async Task<Campaign> UntilAsync(Contracts.Campaigns.V1.Campaigns.CampaignsClient campaigns, string name, Func<Campaign, bool> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                if (await campaigns.GetCampaignAsync(new() { Name = name }, cancellationToken: deadline.Token) is { } now && reached(now))
                {
                    return now;
                }
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
            {
                // The other one has not taken over yet.
            }

            await look.WaitForNextTickAsync(deadline.Token);
        }
    }
}
