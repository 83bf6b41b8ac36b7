using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Tests.Journal;

/// <summary>Fault 21: a journal that the former version wrote opens and goes on.</summary>
public sealed class JournalUpgradeTests : IDisposable
{
    // What version 1 left behind: one operation that was queued, one whose job was at work, one that had ended.
    private const string Version1 = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE operations (
            ordinal                   INTEGER PRIMARY KEY AUTOINCREMENT,
            operation_id              TEXT    NOT NULL UNIQUE,
            kind                      TEXT    NOT NULL,
            request                   BLOB    NOT NULL,
            request_hash              BLOB    NOT NULL,
            virtual_machine_id        TEXT    NOT NULL,
            virtual_machine_name      TEXT    NOT NULL,
            campaign_id               TEXT    NULL,
            item_id                   TEXT    NULL,
            attempt                   INTEGER NOT NULL,
            epoch                     INTEGER NOT NULL,
            requested_by              TEXT    NOT NULL,
            create_time               INTEGER NOT NULL,
            state                     INTEGER NOT NULL,
            sequence                  INTEGER NOT NULL,
            recovery_point_identifier TEXT    NULL,
            -- What the host showed immediately before the call; NULL until the intent to call is durable.
            intent                    TEXT    NULL,
            return_code               INTEGER NULL,
            job_path                  TEXT    NULL,
            cancel_reason             TEXT    NULL,
            start_time                INTEGER NULL,
            end_time                  INTEGER NULL
        );

        CREATE INDEX operations_by_machine ON operations (virtual_machine_id, ordinal);
        CREATE INDEX operations_by_campaign ON operations (campaign_id, ordinal);
        -- States 1 to 3 are the ones that are not terminal.
        CREATE INDEX operations_live ON operations (ordinal) WHERE state <= 3;
        CREATE INDEX operations_by_end ON operations (end_time) WHERE end_time IS NOT NULL;

        CREATE TABLE events (
            ordinal  INTEGER NOT NULL REFERENCES operations (ordinal) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            kind     INTEGER NOT NULL,
            time     INTEGER NOT NULL,
            payload  TEXT    NOT NULL,
            PRIMARY KEY (ordinal, sequence)
        ) WITHOUT ROWID;

        -- The highest fencing number seen for each campaign.
        CREATE TABLE epochs (
            campaign_id TEXT    NOT NULL PRIMARY KEY,
            epoch       INTEGER NOT NULL
        ) WITHOUT ROWID;
        PRAGMA user_version = 1;

        INSERT INTO operations VALUES (1, '00000000-0000-4000-8000-0000000000a1', 'failback', x'0102', x'0304', '00000000-0000-4000-8000-000000000001', 'app-01',
            '00000000-0000-4000-8000-000000000077', 'item-1', 1, 9, 'CN=test', 639000000000000000, 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        INSERT INTO operations VALUES (2, '00000000-0000-4000-8000-0000000000a2', 'failback', x'0102', x'0304', '00000000-0000-4000-8000-000000000002', 'app-02',
            NULL, NULL, 0, 0, 'CN=test', 639000000000000000, 3, 3, NULL, '{"time":"2025-11-29T16:00:00+00:00","replication_state":5,"job_ids":[]}', 4096,
            'Msvm_ConcreteJob.InstanceID="J2"', NULL, 639000000000000000, NULL);
        INSERT INTO operations VALUES (3, '00000000-0000-4000-8000-0000000000a3', 'failback', x'0102', x'0304', '00000000-0000-4000-8000-000000000003', 'app-03',
            NULL, NULL, 0, 0, 'CN=test', 639000000000000000, 4, 2, NULL, NULL, 0, NULL, NULL, 639000000000000000, 639000000100000000);
        INSERT INTO events VALUES (1, 1, 1, 639000000000000000, '{"sequence":1,"time":"2025-11-29T16:00:00+00:00","kind":"Accepted","state":"Queued","explanation":"Accepted."}');
        INSERT INTO events VALUES (2, 1, 1, 639000000000000000, '{"sequence":1,"time":"2025-11-29T16:00:00+00:00","kind":"Accepted","state":"Queued","explanation":"Accepted."}');
        INSERT INTO events VALUES (2, 2, 3, 639000000000000000, '{"sequence":2,"time":"2025-11-29T16:00:00+00:00","kind":"Starting","state":"Starting","explanation":"Starts."}');
        INSERT INTO events VALUES (2, 3, 4, 639000000000000000, '{"sequence":3,"time":"2025-11-29T16:00:00+00:00","kind":"Started","state":"Running","explanation":"Runs."}');
        INSERT INTO events VALUES (3, 1, 1, 639000000000000000, '{"sequence":1,"time":"2025-11-29T16:00:00+00:00","kind":"Accepted","state":"Queued","explanation":"Accepted."}');
        INSERT INTO events VALUES (3, 2, 10, 639000000100000000,
            '{"sequence":2,"time":"2025-11-29T16:00:10+00:00","kind":"Concluded","state":"Succeeded","explanation":"Done.","outcome":{"state":"Succeeded","basis":"Job","explanation":"Done."}}');
        INSERT INTO epochs VALUES ('00000000-0000-4000-8000-000000000077', 9);
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Journal_of_version_1_opens_with_everything_in_it_and_goes_on()
    {
        Write(Version1);
        await using (var journal = Recorded.Open(_directory.Path))
        {
            journal.Damages.ShouldBeEmpty();
            var operations = await journal.ListAsync(new(10), default);
            operations.Select(operation => operation.State).ShouldBe([OperationState.Succeeded, OperationState.Running, OperationState.Queued]);
            operations[1].JobPath.ShouldBe("Msvm_ConcreteJob.InstanceID=\"J2\"");
            (await journal.ReadClaimsAsync(default)).Select(claim => claim.Epoch).ShouldBe([9L]);
            await journal.AppendAsync(operations[2], Recorded.Next(operations[2], OperationEventKind.Starting, OperationState.Starting), new OperationChange { Intent = new IntentEvidence(Recorded.Now, 5, []) });
        }

        await using var again = Recorded.Open(_directory.Path);
        again.Damages.ShouldBeEmpty();
        (await again.FindAsync(new Guid("00000000-0000-4000-8000-0000000000a1"), default)).ShouldNotBeNull().State.ShouldBe(OperationState.Starting);
    }

    [Fact]
    public async Task Journal_of_version_1_whose_pages_are_damaged_is_set_aside_and_says_that_operations_may_be_missing()
    {
        Write(Version1);
        var path = _directory.Combine("journal.db");
        var bytes = await File.ReadAllBytesAsync(path);
        Array.Fill(bytes, (byte)0x5A, bytes.Length - 4096, 4096);
        await File.WriteAllBytesAsync(path, bytes);

        await using var journal = Recorded.Open(_directory.Path);

        var damage = journal.Damages.ShouldHaveSingleItem();
        damage.OperationsMissing.ShouldBeTrue();
        (await File.ReadAllBytesAsync(_directory.Combine(damage.SetAside))).ShouldBe(bytes);
    }

    private void Write(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.Combine("journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
