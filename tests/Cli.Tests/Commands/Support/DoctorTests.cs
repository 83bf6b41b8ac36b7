using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Cli.Commands.Support;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Cli.Tests.Commands.Support;

public sealed class DoctorTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;

    public DoctorTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        coordinator.Campaigns.On<GetServerInfoRequest, ServerInfo>(_ => Server());
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse());
        Hosts(Host("hv-west-01"));
    }

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task All_is_well()
    {
        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Success, _failback.Output);
        _failback.OutputLines[^1].ShouldEndWith(" 0 not checked, 10 ok.");
        _failback.OutputLines[^1].ShouldStartWith("0 failed, 0 warnings");
    }

    [Fact]
    public async Task The_whole_list_is_for_programs_too()
    {
        (await _failback.RunAsync("doctor", "--output", "json")).ShouldBe(ExitCode.Success);
        var checks = JsonDocument.Parse(_failback.Output).RootElement.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("check").GetString()).ToList();
        checks.ShouldBe(["settings", "role", "certificate", "coordinator", "clock", "coordinator's certificate", "version", "store", "hosts", "campaigns"]);
    }

    [Fact]
    public async Task Nothing_is_set()
    {
        _failback.Environment.Clear();

        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Failed);
        _failback.Output.ShouldContain("Missing: the coordinator's address");
        _failback.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_coordinator_is_away()
    {
        _failback.Environment["FAILBACK_COORDINATOR"] = "https://127.0.0.1:1";

        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Failed);
        Line("coordinator").ShouldContain("FAILED");
        Line("certificate").ShouldContain("ok");
        Line("hosts").ShouldContain("NOT CHECKED");
    }

    [Fact]
    public async Task A_viewer_is_told_that_it_may_only_read()
    {
        _failback.Identify(_coordinator.Viewer);

        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Success);
        Line("role").ShouldContain("WARNING");
    }

    [Theory]
    [InlineData(2, "ok")]
    [InlineData(-30, "WARNING")]
    [InlineData(600, "FAILED")]
    public async Task Clocks_are_compared(int ahead, string expected)
    {
        _coordinator.Campaigns.On<GetServerInfoRequest, ServerInfo>(_ =>
        {
            var info = Server();
            info.CurrentTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddSeconds(ahead));
            return info;
        });

        await _failback.RunAsync("doctor");
        Line("clock").ShouldContain(expected);
        Line("clock").ShouldContain(ahead < 0 ? "behind" : "ahead");
    }

    [Theory]
    [InlineData(100L << 20, "FAILED")]
    [InlineData(600L << 20, "WARNING")]
    [InlineData(100L << 30, "ok")]
    public async Task The_disk_of_the_store_is_looked_at(long free, string expected)
    {
        _coordinator.Campaigns.On<GetServerInfoRequest, ServerInfo>(_ =>
        {
            var info = Server();
            info.FreeBytes = free;
            return info;
        });

        await _failback.RunAsync("doctor");
        Line("store").ShouldContain(expected);
    }

    [Fact]
    public async Task A_coordinator_of_a_former_version_says_less_and_that_is_said()
    {
        _coordinator.Campaigns.On<GetServerInfoRequest, ServerInfo>(_ => new ServerInfo { Version = Judgements.OwnVersion });

        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Failed);
        Line("store").ShouldContain("NOT CHECKED");
        _failback.OutputLines.ShouldNotContain(line => line.StartsWith("clock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_host_is_asked_and_each_fault_of_it_is_named()
    {
        var late = Host("hv-west-02");
        late.Agent.AgentTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddSeconds(-20));
        late.Agent.AgentVersion = "0.0.9";
        late.Agent.ReplicationServiceAvailable = false;
        late.Agent.Draining = true;
        late.Agent.Unfinished.Add(new UnfinishedMachine { Name = "sql-01", What = UnfinishedWork.Stopped, SinceTime = Timestamp.FromDateTimeOffset(Some.Start), Advice = "Start it." });
        var away = new ManagedHost { Name = "hosts/hv-west-03", Address = "https://10.0.0.3:7443", Reachability = Reachability.Unreachable, UnreachableReason = "nothing listens" };
        Hosts(Host("hv-west-01"), late, away);

        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Failed);
        Line("hosts").ShouldContain("2 of 3 answer.");
        var lines = _failback.OutputLines.Where(line => line.StartsWith("host hv-west-02", StringComparison.Ordinal)).ToList();
        foreach (var seen in (string[])["version 0.0.9", "behind", "replication service does not answer", "is being stopped", "sql-01 is STOPPED"])
        {
            lines.ShouldContain(line => line.Contains(seen, StringComparison.Ordinal));
        }

        Line("host hv-west-03").ShouldContain("https://10.0.0.3:7443 does not answer: nothing listens");
        _failback.OutputLines.ShouldNotContain(line => line.StartsWith("host hv-west-01", StringComparison.Ordinal), "it is well");
    }

    [Fact]
    public async Task A_blocked_campaign_is_a_fault()
    {
        var blocked = Some.Campaign(CampaignState.Blocked);
        blocked.Explanation = "event 7 is missing";
        _coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse { Campaigns = { blocked } });

        (await _failback.RunAsync("doctor")).ShouldBe(ExitCode.Failed);
        Line("campaign return-to-east").ShouldContain("event 7 is missing");
    }

    [Theory]
    [InlineData(30, 20, "ok")]
    [InlineData(30, 7, "WARNING")]
    [InlineData(30, 0, "FAILED")]
    public void A_certificate_is_late_in_the_last_quarter_of_its_life(int days, int left, string expected)
    {
        var now = Some.Start;
        Judgements.Certificate("certificate", "It", now.AddDays(left - days), now.AddDays(left), now).Word.ShouldBe(expected);
    }

    private static ServerInfo Server() => new()
    {
        Version = Judgements.OwnVersion,
        StoreKind = "sqlite",
        StoreSchema = 5,
        CurrentTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow),
        CertificateExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddDays(30)),
        FreeBytes = 100L << 30,
        ReservedBytes = 256L << 20,
    };

    private static ManagedHost Host(string name) => new()
    {
        Name = $"hosts/{name}",
        Address = "https://10.0.0.1:7443",
        Reachability = Reachability.Reachable,
        Agent = new Contracts.Failback.V1.Host { AgentVersion = Judgements.OwnVersion, ReplicationServiceAvailable = true, AgentTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow) },
    };

    private string Line(string check) => _failback.OutputLines.First(line => line.StartsWith(check + "  ", StringComparison.Ordinal));

    private void Hosts(params ManagedHost[] hosts)
    {
        _coordinator.Hosts.List = _ => new ListHostsResponse { Hosts = { hosts } };
        _coordinator.Hosts.Get = request => hosts.Single(host => host.Name == request.Name);
    }
}
