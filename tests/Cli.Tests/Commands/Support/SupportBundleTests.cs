using System.IO.Compression;
using System.Text.Json;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Support;

public sealed class SupportBundleTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private static readonly string[] Names = ["alice", "return-to-east", "hv-west-01", "payroll", "10.1.2.3", "rack-9", "west", "east"];

    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();

    public SupportBundleTests(FakeCoordinator coordinator)
    {
        _failback = new CommandLine(coordinator);
        var campaign = Some.Campaign(CampaignState.Running, Some.Wave("rest", WaveState.Running, 1));
        campaign.Uid = "5b0c2c05-9c6f-4a0e-8a8e-0d5f7f5f1a11";
        campaign.CreatedBy = "failback://operator/alice#serial=0A1B";
        campaign.Explanation = "Host HV-WEST-01 (10.1.2.3) is slow.";
        campaign.Labels.Add("rack", "rack-9");
        var item = Some.Item("payroll", "hv-west-01", ItemState.Failed, explanation: "payroll: the disk PAYROLL.vhdx is in use by payroll-backup.");
        var fake = coordinator.Campaigns;
        fake.On<GetServerInfoRequest, ServerInfo>(_ => new ServerInfo { Version = "1.0.0", StoreKind = "sqlite" });
        fake.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse { Campaigns = { campaign } });
        fake.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => new ExplainCampaignResponse { Reasons = { new WaitReason { Code = "LIMIT", Subject = "hv-west-01", Examples = { "payroll" } } } });
        fake.On<ListItemsRequest, ListItemsResponse>(_ => new ListItemsResponse { Items = { item } });
        fake.Audit = [new AuditRecord { Sequence = 1, Actor = "failback://operator/alice#serial=0A1B", Source = "ipv4:10.1.2.3:50000", Action = "StartCampaign", Target = "campaigns/return-to-east", Result = "OK" }];
        var host = new ManagedHost { Name = "hosts/hv-west-01", Address = "https://10.1.2.3:7443", Site = "west", PrimarySite = "east", Reachability = Reachability.Reachable };
        coordinator.Hosts.List = _ => new ListHostsResponse { Hosts = { host } };
        coordinator.Hosts.Get = _ => host;
    }

    private string File => Path.Combine(_directory.Path, "bundle.zip");

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_has_every_part_and_no_name()
    {
        (await _failback.RunAsync("support-bundle", "--output", File)).ShouldBe(ExitCode.Success, _failback.Error);

        var parts = await ReadAsync();
        parts.Keys.ShouldBe(
            ["about.json", "doctor.json", "server.json", "hosts.jsonl", "campaigns.jsonl", .. new[] { "explain.json", "items.jsonl", "audit.jsonl" }.Select(part => $"campaigns/5b0c2c05-9c6f-4a0e-8a8e-0d5f7f5f1a11/{part}")],
            ignoreOrder: true);
        parts.Values.ShouldAllBe(text => text.Length > 2);
        foreach (var name in Names)
        {
            parts.Values.ShouldAllBe(text => !text.Contains(name, StringComparison.OrdinalIgnoreCase), name);
        }

        parts.Values.ShouldAllBe(text => !text.Contains("0A1B", StringComparison.Ordinal) && !text.Contains("PRIVATE KEY", StringComparison.Ordinal));
        parts["campaigns.jsonl"].ShouldContain("Host host-1 (address-1) is slow.");
    }

    [Fact]
    public async Task The_names_are_kept_beside_it_and_translate_back()
    {
        await _failback.RunAsync("support-bundle", "--output", File);

        var names = JsonSerializer.Deserialize<Dictionary<string, string>>(await System.IO.File.ReadAllTextAsync(File + ".names.json"))!;
        names["host-1"].ShouldBe("hv-west-01");
        names.Values.ShouldContain("payroll");
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in (string[])[File, File + ".names.json"])
            {
                System.IO.File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public async Task Names_may_stay()
    {
        (await _failback.RunAsync("support-bundle", "--output", File, "--with-names")).ShouldBe(ExitCode.Success);

        (await ReadAsync())["hosts.jsonl"].ShouldContain("hv-west-01");
        System.IO.File.Exists(File + ".names.json").ShouldBeFalse();
    }

    [Fact]
    public async Task A_coordinator_that_is_away_leaves_what_is_known_here()
    {
        _failback.Environment["FAILBACK_COORDINATOR"] = "https://127.0.0.1:1";

        (await _failback.RunAsync("support-bundle", "--output", File)).ShouldBe(ExitCode.Unreachable);
        var parts = await ReadAsync();
        parts["doctor.json"].ShouldContain("\"check\":\"coordinator\",\"result\":\"failed\"");
        parts["campaigns.jsonl"].ShouldBeEmpty();
    }

    private async Task<Dictionary<string, string>> ReadAsync()
    {
        await using var file = System.IO.File.OpenRead(File);
        await using var archive = new ZipArchive(file);
        var parts = new Dictionary<string, string>();
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            parts.Add(entry.FullName, await reader.ReadToEndAsync());
        }

        return parts;
    }
}
