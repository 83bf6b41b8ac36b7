using System.Runtime.Versioning;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Store.States;
using HostAgent.Coordinator.Store.Transfer;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Hosting;
using HostAgent.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

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
    public async Task Returns_drills_and_proofs_move_with_the_campaigns_there_and_back()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var (source, live, drill) = await WriteStatesAsync();
        var (file, database) = (NewFile(), await OfNewDatabaseAsync());

        var exported = await CoordinatorStore.ExportAsync(source, file, default);
        (exported.Campaigns, exported.Returns, exported.Drills, exported.Proofs, exported.AuditRecords, exported.Findings.Count).ShouldBe((0, 1, 1, 1, 3, 0));
        (await CoordinatorStore.ImportAsync(database, file, default)).Returns.ShouldBe(1);
        (await CoordinatorStore.CheckAsync(database, default)).ShouldSatisfyAllConditions(report => report.Drills.ShouldBe(1), report => report.Findings.ShouldBeEmpty());
        (await Refusal(() => CoordinatorStore.ImportAsync(database, file, default))).ShouldEndWith("has 3 returns, drills and proofs; an export can be imported into an empty store only.");
        await using (var store = new PostgreSqlStateStore(OptionsOf(database), TimeProvider.System, NullLogger<PostgreSqlStateStore>.Instance, CancellationToken.None))
        {
            (await store.LoadLiveAsync(StateFamily.Returns, default)).ShouldHaveSingleItem().ShouldBe(live.State);
            (await store.FindProofsAsync(drill.Machine, default)).Count.ShouldBe(1);
            await store.WriteAsync(live with { Version = 3, State = StateOf(live with { Version = 3 }) });
        }

        var home = NewFile();
        await CoordinatorStore.ExportAsync(database, home, default);
        string[] fresh = ["--data", Path.Combine(_directory.FullName, "fresh-states")];
        (await CoordinatorStore.ImportAsync(fresh, home, default)).AuditRecords.ShouldBe(4);
        await using (var back = SqliteStateStore.Open(Path.Combine(fresh[1], "returns.db"), NullLogger<SqliteStateStore>.Instance))
        {
            (await States.VerifyAsync(back, StateFamily.Returns, live.Uid)).Count.ShouldBe(3);
            await back.WriteAsync(live with { Version = 4, State = StateOf(live with { Version = 4 }) });
        }

        (await CoordinatorStore.CheckAsync(fresh, default)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE returns SET version = 9", "the uid, the machine or the version in its row differs from its state")]
    [InlineData("UPDATE returns SET state = '{'", "its JSON cannot be read")]
    [InlineData("UPDATE returns SET has_ended = 1", "its row and its state differ about whether it has ended")]
    [InlineData("UPDATE audit SET actor = 'CN=Nobody' WHERE sequence = 1", "audit record 1 was changed, or does not follow the previous one")]
    [InlineData("DELETE FROM audit WHERE sequence = 2", "its audit ends with record 1, but its row expects record 2")]
    [InlineData("UPDATE proofs SET passed = 0", "the machine or the verdict in its row differs from the proof")]
    public async Task Damage_to_returns_and_proofs_is_found_and_is_not_imported(string damage, string finding)
    {
        var (source, _, _) = await WriteStatesAsync();
        await RefusingStore.ExecuteAsync(Path.Combine(source[1], "returns.db"), damage);

        (await CoordinatorStore.CheckAsync(source, default)).Findings.ShouldHaveSingleItem().Finding.ShouldContain(finding);
        var file = NewFile();
        (await CoordinatorStore.ExportAsync(source, file, default)).Findings.Count.ShouldBe(1);
        string[] target = ["--data", Path.Combine(_directory.FullName, "target")];
        (await CoordinatorStore.ImportAsync(target, file, default)).Findings.Count.ShouldBe(1);
        Directory.Exists(target[1]).ShouldBeFalse();
    }

    [Fact]
    public async Task Export_of_the_former_version_which_has_campaigns_only_is_imported_and_may_have_nothing_else()
    {
        await WriteCampaignsAsync();
        await Coordinator.StopAsync();
        var (file, states) = (NewFile(), NewFile());
        await CoordinatorStore.ExportAsync(OfCoordinator(), file, default);
        await AsFormerAsync(file);
        string[] target = ["--data", Path.Combine(_directory.FullName, "target")];
        (await CoordinatorStore.ImportAsync(target, file, default)).ShouldSatisfyAllConditions(report => report.Campaigns.ShouldBe(3), report => report.Findings.ShouldBeEmpty());

        var (source, _, _) = await WriteStatesAsync();
        await CoordinatorStore.ExportAsync(source, states, default);
        await AsFormerAsync(states);
        (await Refusal(() => CoordinatorStore.CheckFileAsync(states, default))).ShouldBe($"{states}:2: a file of failback-store/v1 has campaigns only.");
    }

    [Fact]
    public async Task Settings_that_name_no_store_are_refused_and_those_of_the_rest_are_not_asked_for()
    {
        (await Refusal(() => CoordinatorStore.CheckAsync([], default))).ShouldBe("Coordinator:Data is not set; it must be a directory.");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--data", "/nowhere", "--verbose"], default))).ShouldStartWith("'--verbose' is not a switch");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--data", "/nowhere"], default))).ShouldBe("The store '/nowhere/campaigns.db' does not exist: there is no directory /nowhere.");
        (await Refusal(() => CoordinatorStore.CheckAsync(["--data", "/usr"], default))).ShouldStartWith("The store '/usr/campaigns.db' does not exist: no coordinator has kept its campaigns in /usr");
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

    private StoreOptions OptionsOf(string[] settings) => new() { Kind = StoreOptions.PostgreSql, Host = server.Socket, Port = server.Port, Database = NameOf(settings), User = "postgres" };

    private string NewFile() => Path.Combine(_directory.FullName, Path.GetRandomFileName());

    private string[] OfCoordinator() => ["--data", Path.GetDirectoryName(Coordinator.StoreFile)!];

    private async Task<string[]> OfNewDatabaseAsync() =>
    [
        "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", server.Socket, "--Coordinator:Store:Port", $"{server.Port}",
        "--Coordinator:Store:Database", await server.CreateDatabaseAsync(), "--Coordinator:Store:User", "postgres",
    ];

    private static async Task AsFormerAsync(string file)
    {
        var lines = (await File.ReadAllTextAsync(file)).Replace("failback-store/v2", "failback-store/v1", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = string.Concat(lines[..^1].Select(line => line + "\n"));
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(rows)));
        await File.WriteAllTextAsync(file, rows + System.Text.Json.JsonSerializer.Serialize(new { rows = lines.Length - 2, sha256 = sum }) + "\n");
    }

    private static string StateOf(StateWrite write) => System.Text.Json.JsonSerializer.Serialize(new { uid = write.Uid, machine = write.Machine, version = write.Version, end_time = write.HasEnded ? "2026-11-21T12:00:00Z" : null });

    // A return that has not ended, and a drill that has, with what it has shown.
    private async Task<(string[] Settings, StateWrite Live, StateWrite Drill)> WriteStatesAsync()
    {
        string[] settings = ["--data", Path.Combine(_directory.FullName, Path.GetRandomFileName())];
        var empty = NewFile();
        await File.WriteAllTextAsync(empty, "{\"format\":\"failback-store/v2\"}\n{}\n");
        await AsFormerAsync(empty);
        await CoordinatorStore.ImportAsync(settings, empty, default);
        await using var store = SqliteStateStore.Open(Path.Combine(settings[1], "returns.db"), NullLogger<SqliteStateStore>.Instance);
        var (live, drill) = (States.New(StateFamily.Returns), States.New(StateFamily.Drills) with { HasEnded = true });
        await store.WriteAsync(live with { State = StateOf(live) });
        live = live with { Version = 2, State = StateOf(live with { Version = 2 }) };
        await store.WriteAsync(live);
        var proof = new ProofWrite(drill.Machine, Passed: true, 5, 105, System.Text.Json.JsonSerializer.Serialize(new { machine = drill.Machine, passed = true }));
        await store.WriteAsync(drill with { State = StateOf(drill), Proof = proof });
        return (settings, live, drill);
    }

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
