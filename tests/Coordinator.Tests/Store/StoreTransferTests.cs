using System.Runtime.Versioning;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Transfer;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Hosting;
using HostAgent.Tests.Shared;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>A store is checked, exported and imported: what a coordinator wrote in one database, another goes on with in the other.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StoreTransferTests(PostgreSqlServer server) : CoordinatorTest, IClassFixture<PostgreSqlServer>
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("transfer-");

    [Fact]
    public async Task Campaigns_move_from_sqlite_to_postgresql_and_back_and_go_on_there()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        await WriteCampaignsAsync();
        var file = NewFile();

        // While the coordinator is at work.
        var exported = await CoordinatorStore.ExportAsync(OfCoordinator(), file, default);

        (exported.Campaigns, exported.Findings.Count).ShouldBe((3, 0));
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var again = NewFile();
        await Coordinator.StopAsync();
        await CoordinatorStore.ExportAsync(OfCoordinator(), again, default);
        (await File.ReadAllTextAsync(again)).ShouldBe(await File.ReadAllTextAsync(file));

        var database = await OfNewDatabaseAsync();
        var imported = await CoordinatorStore.ImportAsync(database, file, default);
        (imported.Campaigns, imported.Events, imported.AuditRecords, imported.Findings.Count).ShouldBe((3, exported.Events, exported.AuditRecords, 0));
        (await CoordinatorStore.CheckAsync(database, default)).Findings.ShouldBeEmpty();
        var fromDatabase = NewFile();
        await CoordinatorStore.ExportAsync(database, fromDatabase, default);
        (await File.ReadAllTextAsync(fromDatabase)).ShouldBe(await File.ReadAllTextAsync(file));

        // On PostgreSQL the second campaign is started; a coordinator takes no second import.
        Coordinator.Arguments = database;
        await Coordinator.StartAsync();
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/first" })).State.ShouldBe(CampaignState.Completed);
        (await Refusal(() => CoordinatorStore.ImportAsync(database, file, default))).ShouldContain("is in use by another coordinator");
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = "campaigns/second" });
        await Coordinator.WatchToEndAsync("campaigns/second");
        await Coordinator.StopAsync();

        // And back.
        var home = NewFile();
        (await CoordinatorStore.ExportAsync(database, home, default)).Events.ShouldBeGreaterThan(exported.Events);
        string[] fresh = ["--data", Path.Combine(_directory.FullName, "fresh")];
        (await CoordinatorStore.ImportAsync(fresh, home, default)).Findings.ShouldBeEmpty();
        (await CoordinatorStore.CheckAsync(fresh, default)).Findings.ShouldBeEmpty();
        Directory.GetFiles(fresh[1]).Select(Path.GetFileName).ShouldBe(["campaigns.db", "coordinator.lock", "returns.db"], ignoreOrder: true, "a reader of another account leaves nothing behind");
        Coordinator.Arguments = fresh;
        await Coordinator.StartAsync();
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/second" })).State.ShouldBe(CampaignState.Completed);
        Agents.Sum(agent => agent.Initiations).ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_was_cut_changed_or_is_none_is_refused_by_name_and_imports_nothing()
    {
        await WriteCampaignsAsync();
        await Coordinator.StopAsync();
        var file = NewFile();
        await CoordinatorStore.ExportAsync(OfCoordinator(), file, default);
        var text = await File.ReadAllTextAsync(file);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] target = ["--data", Path.Combine(_directory.FullName, "target")];

        foreach (var (content, expected) in ((string, string)[])
        [
            (text[..(text.Length / 2)], "not a row of a store"),
            (string.Join('\n', lines[..^1]) + "\n", "without its closing line: it was cut off."),
            (string.Join('\n', lines.Where((_, index) => index != 3)) + "\n", "the closing line does not fit"),
            (text.Replace("CN=", "CM=", StringComparison.Ordinal).Replace("dr-lead", "dr-lean", StringComparison.Ordinal), "the closing line does not fit"),
            (text + "{}\n", "there is something after the closing line."),
            (text.Replace("failback-store/v2", "failback-store/v9", StringComparison.Ordinal), "not an export of a store that this version can read"),
            ("", "not an export of a store that this version can read"),
        ])
        {
            var bad = NewFile();
            await File.WriteAllTextAsync(bad, content);
            var refusal = await Refusal(() => CoordinatorStore.ImportAsync(target, bad, default));
            refusal.ShouldStartWith(bad);
            refusal.ShouldContain(expected);
            (await Refusal(() => CoordinatorStore.CheckFileAsync(bad, default))).ShouldContain(expected);
        }

        Directory.Exists(target[1]).ShouldBeFalse();
        (await Refusal(() => CoordinatorStore.ImportAsync(target, "/nowhere.export", default))).ShouldStartWith("/nowhere.export: the export cannot be read:");
        (await Refusal(() => CoordinatorStore.ExportAsync(OfCoordinator(), file, default))).ShouldBe($"{file}: the file exists; name a new one.");
        (await CoordinatorStore.ImportAsync(target, file, default)).Campaigns.ShouldBe(3);
        (await Refusal(() => CoordinatorStore.ImportAsync(target, file, default))).ShouldEndWith("has 3 campaigns; an export can be imported into an empty store only.");
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE version = 2", "found event 3 in place of event 2")]
    [InlineData("UPDATE events SET data = data || ' ' WHERE version = 1", "event 1 ('campaign-created') was changed, or does not follow the previous event")]
    [InlineData("DELETE FROM events WHERE version = (SELECT max(version) FROM events e WHERE e.campaign = events.campaign)", "but its row expects version")]
    [InlineData("UPDATE audit SET actor = 'CN=Nobody' WHERE sequence = 2", "audit record 2 was changed, or does not follow the previous one")]
    [InlineData("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit a WHERE a.campaign = audit.campaign)", "its audit ends with record")]
    [InlineData("UPDATE campaigns SET document = 'other'", "the uid or the document in its row differs from its events")]
    public async Task Damage_is_found_in_store_and_export_and_is_not_imported(string damage, string finding)
    {
        await WriteCampaignsAsync();
        await Coordinator.StopAsync();
        await RefusingStore.ExecuteAsync(Coordinator.StoreFile, $"PRAGMA foreign_keys = OFF; {damage}{(damage.Contains("WHERE", StringComparison.Ordinal) ? " AND campaign" : " WHERE uid")} = (SELECT uid FROM campaigns WHERE id = 'first')");

        (await CoordinatorStore.CheckAsync(OfCoordinator(), default)).Findings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            found => found.Campaign.ShouldBe("campaigns/first"), found => found.Finding.ShouldContain(finding));
        var file = NewFile();
        (await CoordinatorStore.ExportAsync(OfCoordinator(), file, default)).Findings.Count.ShouldBe(1);
        (await CoordinatorStore.CheckFileAsync(file, default)).Findings.Count.ShouldBe(1);
        string[] target = ["--data", Path.Combine(_directory.FullName, "target")];
        (await CoordinatorStore.ImportAsync(target, file, default)).Findings.ShouldHaveSingleItem().Finding.ShouldContain(finding);
        Directory.Exists(target[1]).ShouldBeFalse();
    }

    [Fact]
    public async Task An_event_that_this_version_does_not_know_is_told()
    {
        await WriteCampaignsAsync();
        await Coordinator.StopAsync();
        var file = NewFile();
        await CoordinatorStore.ExportAsync(OfCoordinator(), file, default);

        // As a newer version would have written it: hashes and all.
        var check = new StoreCheck();
        var hash = Array.Empty<byte>();
        await foreach (var line in StoreFile.ReadAsync(file, default))
        {
            if (line is EventLine { Version: 2 } second)
            {
                const string data = """{"event":"of-tomorrow"}""";
                var time = new DateTimeOffset(second.Time, TimeSpan.Zero);
                check.Take(second with { Type = "of-tomorrow", Data = data, Hash = EventChain.Next(hash, 2, time, "of-tomorrow", data) });
                continue;
            }

            hash = (line as EventLine)?.Hash ?? hash;
            check.Take(line);
        }

        check.End();
        check.Findings.ShouldContain(finding => finding.Finding.StartsWith("event 2 ('of-tomorrow') cannot be read by this version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_that_name_no_store_are_refused_and_those_of_the_rest_are_not_asked_for()
    {
        (await Refusal(() => CoordinatorStore.CheckAsync([], default))).ShouldBe("Coordinator:Data is not set; it must be a directory.");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--data", "/nowhere", "--verbose"], default))).ShouldStartWith("'--verbose' is not a switch");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--data", "/nowhere"], default))).ShouldStartWith("The store '/nowhere/campaigns.db' cannot be opened: ");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--Coordinator:Store:Kind", "postgresql"], default))).ShouldStartWith("Coordinator:Store:Host is not set; it must be");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--data", "/nowhere", "--Coordinator:Stor", "x"], default))).ShouldStartWith("Coordinator:Stor is not a setting");
    }

    [Fact]
    public async Task A_dump_of_the_database_restores_to_a_store_on_which_a_coordinator_goes_on()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null || !File.Exists(Path.Combine(PostgreSqlServer.Binaries, "pg_restore")), PostgreSqlServer.Missing);
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        var database = await OfNewDatabaseAsync();
        await StartCoordinatorAsync(arguments: database);
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var dump = Path.Combine(server.Socket, "failback.dump");

        // While the coordinator is at work.
        await server.ClientAsync("pg_dump", "--format=custom", "--file", dump, NameOf(database));
        await Coordinator.StopAsync();
        var restored = await OfNewDatabaseAsync();
        await server.ClientAsync("pg_restore", "--exit-on-error", "--single-transaction", "--dbname", NameOf(restored), dump);

        (await CoordinatorStore.CheckAsync(restored, default)).ShouldSatisfyAllConditions(report => report.Campaigns.ShouldBe(1), report => report.Findings.ShouldBeEmpty());
        Coordinator.Arguments = restored;
        await Coordinator.StartAsync();
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
    }

    private protected override ValueTask CleanAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> Refusal(Func<Task> act) => (await Should.ThrowAsync<StartException>(act)).Lines.ShouldHaveSingleItem();

    private static string NameOf(string[] settings) => settings[Array.IndexOf(settings, "--Coordinator:Store:Database") + 1];

    private string NewFile() => Path.Combine(_directory.FullName, Path.GetRandomFileName());

    private string[] OfCoordinator() => ["--data", Path.GetDirectoryName(Coordinator.StoreFile)!];

    private async Task<string[]> OfNewDatabaseAsync() =>
    [
        "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", server.Socket, "--Coordinator:Store:Port", $"{server.Port}",
        "--Coordinator:Store:Database", await server.CreateDatabaseAsync(), "--Coordinator:Store:User", "postgres",
    ];

    // One that has ended, one that is ready, and one that was deleted.
    private async Task WriteCampaignsAsync()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await AddAgentAsync("hv-west-02", "vm-2");
        await StartCoordinatorAsync();
        static string Over(string name, string host) => Yaml.Campaign(name).Replace("{hosts: {site: west}}", $"{{host: {host}}}", StringComparison.Ordinal);
        await Coordinator.CreateAndStartAsync(Over("first", "hv-west-01"));
        await Coordinator.WatchToEndAsync("campaigns/first");
        await Coordinator.CreateAsync(Over("gone", "hv-west-02"));
        await Coordinator.Campaigns.DeleteCampaignAsync(new DeleteCampaignRequest { Name = "campaigns/gone", ConfirmName = "gone" });
        await Coordinator.CreateAsync(Over("second", "hv-west-02"));
    }
}
