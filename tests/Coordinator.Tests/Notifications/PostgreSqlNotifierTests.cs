using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Tests.Shared;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>With the campaigns in PostgreSQL the outbox is there too, and whoever takes the database over tells what the one before has not told.</summary>
public sealed class PostgreSqlNotifierTests(PostgreSqlServer server) : CoordinatorTest, IClassFixture<PostgreSqlServer>
{
    private Receiver _receiver = null!;

    public override async ValueTask InitializeAsync() => _receiver = await new Receiver(Pki).StartAsync();

    private protected override ValueTask CleanAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task Another_machine_tells_what_the_first_has_not()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await _receiver.StopAsync();
        string[] arguments =
        [
            .. _receiver.Channel("ops"), "--Coordinator:Notifications:Interval", "00:01:00",
            "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", server.Socket, "--Coordinator:Store:Port", $"{server.Port}", "--Coordinator:Store:Database", await server.CreateDatabaseAsync(),
        ];
        var first = await StartCoordinatorAsync(arguments: arguments);
        var campaign = await new Scenarios(first, agent).AtGateAsync();
        File.Exists(Path.Combine(Path.GetDirectoryName(first.StoreFile)!, "notifications.db")).ShouldBeFalse();
        await first.StopAsync();
        await _receiver.StartAsync();

        await using var second = await new TestCoordinator(Pki, [(agent.Name, agent.Address)]) { Arguments = arguments }.StartAsync();
        await _receiver.UntilAsync(() => _receiver.Taken.Any(one => one.Counts.ContainsKey("approval.waiting")), "the approval that is waited for");
        await second.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "canary" });
        await second.WatchToEndAsync(campaign.Name);
        await _receiver.UntilAsync(() => _receiver.Taken.Any(one => one.Counts.ContainsKey("campaign.finished")), "the end");

        _receiver.Taken.SelectMany(one => one.Counts).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Sum(count => count.Value))
            .ShouldBe(new Dictionary<string, int> { ["campaign.started"] = 1, ["approval.waiting"] = 1, ["approval.given"] = 1, ["wave.ended"] = 2, ["campaign.finished"] = 1 }, ignoreOrder: true);
        _receiver.Taken.Select(one => one.Id).ShouldBeUnique();
    }
}
