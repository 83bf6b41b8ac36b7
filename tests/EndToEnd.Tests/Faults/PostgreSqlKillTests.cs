using System.Globalization;
using System.Runtime.Versioning;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// The campaigns are in a PostgreSQL. The coordinator is killed without warning, then the database crashes, in the middle of a campaign: it goes on by itself, and every machine
/// is started once.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgreSqlKillTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const int Hosts = 4;
    private const int MachinesPerHost = 5;
    private const int Items = Hosts * MachinesPerHost;

    [Fact]
    public async Task Campaign_completes_with_one_initiation_an_item_over_the_deaths_of_its_coordinator_and_of_its_database()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await server.CreateDatabaseAsync();
        var password = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using (var file = new FileStream(password, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(PostgreSqlServer.Password));
        }

        try
        {
            await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(Hosts, MachinesPerHost, seed: 11), speed: 600, coordinator:
            [
                "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", "127.0.0.1", "--Coordinator:Store:Port", server.Port.ToString(CultureInfo.InvariantCulture),
                "--Coordinator:Store:Database", database, "--Coordinator:Store:PasswordFile", password,
            ]);
            var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = SharedDatabase.Campaign("shared-store"), Source = "shared-store.yaml" } });
            await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });

            await UntilAsync(cluster, campaign.Name, now => now.Counts.Succeeded >= 3 && now.Counts.Running > 0);
            await cluster.Coordinator.KillAsync();
            await cluster.Coordinator.StartAgainAsync();

            await UntilAsync(cluster, campaign.Name, now => now.Counts.Succeeded >= 8 && now.Counts.Running > 0);
            await server.StopAsync();
            await server.StartAsync();

            var end = await UntilAsync(cluster, campaign.Name, now => now.EndTime is not null);
            end.State.ShouldBe(CampaignState.Completed, end.Explanation);
            end.Counts.Succeeded.ShouldBe(Items);
            (await cluster.CountInitiationsAsync()).ShouldBe(Items);
            File.Exists(cluster.Store).ShouldBeFalse();
            cluster.Coordinator.Output.ShouldNotContain(PostgreSqlServer.Password);
            (await server.ExecuteAsync(database, "SELECT count(*) = max(version) AND count(*) = (SELECT version FROM campaigns) FROM events")).ShouldBe(true);
        }
        finally
        {
            File.Delete(password);
        }
    }

    // Over the lives of the coordinator and of the database.
    private static async Task<Campaign> UntilAsync(Cluster cluster, string name, Func<Campaign, bool> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        Campaign? last = null;
        while (true)
        {
            try
            {
                last = await cluster.Campaigns.GetCampaignAsync(new() { Name = name }, cancellationToken: deadline.Token);
                if (reached(last))
                {
                    return last;
                }
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
            {
                // One of the two has not come back yet.
            }
            catch (RpcException exception) when (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain. Last: {last}\n{cluster.Coordinator.Output}", exception);
            }

            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
