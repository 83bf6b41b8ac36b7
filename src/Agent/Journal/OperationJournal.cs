using Dapper;
using HostAgent.Agent.Operations.Model;
using HostAgent.Hosting;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>
/// The agent's durable memory of one host's operations: one SQLite file, one writer, every commit flushed before it is answered
/// (WAL with synchronous=FULL). It is never reset automatically.
/// </summary>
internal sealed class OperationJournal : IAsyncDisposable
{
    private readonly DataDirectoryLock _lock;
    private readonly GroupCommitWriter _writer;
    private readonly CommitCounter _counter;
    private readonly string _reading;
    private readonly Guid _id;

    private OperationJournal(DataDirectoryLock held, Guid id, GroupCommitWriter writer, CommitCounter counter, string reading, IReadOnlyList<JournalDamage> damages)
    {
        _lock = held;
        _id = id;
        _writer = writer;
        _counter = counter;
        _reading = reading;
        Damages = damages;
    }

    /// <summary>The journal's position; it never goes back.</summary>
    public JournalPosition Position => new(_id, _counter.Commits);

    /// <summary>The damages found at this and earlier starts, oldest first.</summary>
    public IReadOnlyList<JournalDamage> Damages { get; }

    /// <summary>
    /// Opens the journal in a directory and creates it when there is none. A damaged one is quarantined, and what is intact in it is recovered.
    /// </summary>
    /// <exception cref="StartException">Another agent has the directory, or it cannot be created.</exception>
    /// <exception cref="JournalException">A newer version wrote it, or it cannot be read or written.</exception>
    public static OperationJournal Open(string directory, TimeProvider time, ILogger logger)
    {
        var held = DataDirectoryLock.Acquire(directory, JournalFiles.LockOwner);
        var files = new JournalFiles(directory);
        try
        {
            new JournalRecovery(files, time, logger).Ensure();
            var connection = JournalConnection.OpenToWrite(files.Database);
            try
            {
                JournalSchema.Upgrade(connection);
                var ledger = JournalLedger.Read(connection) ?? throw new JournalException($"The ledger of the journal '{files.Database}' cannot be read.");
                var damages = connection.Query<DamageRow>($"SELECT {DamageRow.Columns} FROM damages ORDER BY id").Select(row => row.ToDamage()).ToList();
                var mark = CommitCounterFile.Open(files.Mark, ledger.JournalId, ledger.Commits);
                var counter = new CommitCounter(files.Database, ledger.Commits, mark, logger);
                return new OperationJournal(
                    held, ledger.JournalId, new GroupCommitWriter(connection, counter, logger), counter, SqliteDatabase.ReaderText(files.Database), damages);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw new JournalException($"The journal '{files.Database}' cannot be used: {exception.Message}", exception);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes a new operation with its first event, and the claim of its campaign, in one commit.</summary>
    public Task<OperationSnapshot> AcceptAsync(OperationFacts facts, OperationEvent accepted, CampaignClaim? claim = null) => _writer.WriteAsync((connection, transaction) =>
    {
        if ((claim ?? ClaimOf(facts.Campaign)) is { } held)
        {
            Claim(connection, transaction, held);
        }

        var ordinal = connection.ExecuteScalar<long>(
            """
            INSERT INTO operations (operation_id, kind, request, request_hash, virtual_machine_id, virtual_machine_name,
                campaign_id, item_id, attempt, epoch, requested_by, create_time, state, sequence)
            VALUES (@operationId, @kind, @request, @hash, @vmId, @vmName, @campaignId, @itemId, @attempt, @epoch, @requestedBy, @createTime, @state, @sequence)
            RETURNING ordinal
            """,
            new
            {
                operationId = Key(facts.OperationId),
                kind = facts.Kind,
                request = facts.Request.ToArray(),
                hash = facts.RequestHash.ToArray(),
                vmId = facts.VirtualMachineId,
                vmName = facts.VirtualMachineName,
                campaignId = facts.Campaign is { } campaign ? Key(campaign.CampaignId) : null,
                itemId = facts.Campaign?.ItemId,
                attempt = facts.Campaign?.Attempt ?? 0,
                epoch = facts.Campaign?.Epoch ?? 0,
                requestedBy = facts.RequestedBy,
                createTime = facts.CreateTime.UtcTicks,
                state = (int)accepted.State,
                sequence = accepted.Sequence,
            },
            transaction);
        UpdateChecksum(connection, transaction, ordinal);
        InsertEvent(connection, transaction, ordinal, accepted);
        return new OperationSnapshot { Ordinal = ordinal, Facts = facts, Last = accepted };
    });

    /// <summary>Adds the next event of an operation and what it changes, in one commit.</summary>
    /// <exception cref="JournalException">The journal did not take it; nothing of it is stored.</exception>
    public Task<OperationSnapshot> AppendAsync(OperationSnapshot current, OperationEvent next, OperationChange change)
        => _writer.WriteAsync((connection, transaction) =>
        {
            var after = current.After(next, change);
            var changed = connection.Execute(
                """
                UPDATE operations SET state = @state, sequence = @sequence, recovery_point_identifier = @recoveryPoint, intent = @intent,
                    return_code = @returnCode, job_path = @jobPath, cancel_reason = @cancelReason, start_time = @startTime, end_time = @endTime
                WHERE ordinal = @ordinal AND sequence = @before
                """,
                new
                {
                    ordinal = current.Ordinal,
                    before = next.Sequence - 1,
                    state = (int)next.State,
                    sequence = next.Sequence,
                    recoveryPoint = after.RecoveryPointIdentifier,
                    intent = after.Intent is null ? null : JournalJson.Write(after.Intent),
                    returnCode = (long?)after.ReturnCode,
                    jobPath = after.JobPath,
                    cancelReason = after.CancelReason,
                    startTime = after.StartTime?.UtcTicks,
                    endTime = after.EndTime?.UtcTicks,
                },
                transaction);
            if (changed != 1)
            {
                throw new JournalException(
                    $"Operation {Key(current.Facts.OperationId)} is not at sequence {next.Sequence - 1} in the journal: event {next.Sequence} was not recorded.");
            }

            UpdateChecksum(connection, transaction, current.Ordinal);
            InsertEvent(connection, transaction, current.Ordinal, next);
            return after;
        });

    /// <summary>Remembers who acts for a campaign.</summary>
    public Task ClaimAsync(CampaignClaim claim) => ClaimAsync(claim, token: null, default);

    /// <summary>Remembers who acts for a campaign, and a token that no copy made before has.</summary>
    public Task ClaimAsync(CampaignClaim claim, Guid? token, DateTimeOffset time) => _writer.WriteAsync((connection, transaction) =>
    {
        Claim(connection, transaction, claim);
        if (token is { } made)
        {
            connection.Execute(JournalTable.ClaimTokens.Insert, new { token = Key(made), claim_time = time.UtcTicks }, transaction);
        }

        return true;
    });

    /// <summary>Whether the journal has the token of a claim.</summary>
    public async Task<bool> HasTokenAsync(Guid token, CancellationToken cancellationToken)
        => await ReadAsync(connection => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM claim_tokens WHERE token = @token", new { token = Key(token) }, cancellationToken: cancellationToken)), cancellationToken) > 0;

    /// <summary>Forgets finished operations that ended before a time, at most a number of them.</summary>
    /// <returns>How many were forgotten.</returns>
    public Task<int> ForgetEndedBeforeAsync(DateTimeOffset time, int atMost) => _writer.WriteAsync((connection, transaction) =>
    {
        var limits = new { time = time.UtcTicks, atMost };
        connection.Execute("DELETE FROM claim_tokens WHERE token IN (SELECT token FROM claim_tokens WHERE claim_time < @time ORDER BY claim_time LIMIT @atMost)", limits, transaction);
        return connection.Execute(
            """
            DELETE FROM operations WHERE ordinal IN
                (SELECT ordinal FROM operations WHERE end_time IS NOT NULL AND end_time < @time ORDER BY end_time LIMIT @atMost)
            """,
            limits,
            transaction);
    });

    /// <summary>Finds one operation, or null.</summary>
    public async Task<OperationSnapshot?> FindAsync(Guid operationId, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(connection => connection.QuerySingleOrDefaultAsync<OperationRow>(new CommandDefinition(
            $"SELECT {OperationRow.Columns} {OperationRow.From} WHERE o.operation_id = @id",
            new { id = Key(operationId) },
            cancellationToken: cancellationToken)), cancellationToken);
        return row?.ToSnapshot();
    }

    /// <summary>Lists operations, newest first.</summary>
    public async Task<IReadOnlyList<OperationSnapshot>> ListAsync(OperationQuery query, CancellationToken cancellationToken)
    {
        var conditions = new List<string>();
        AddIf(query.BeforeOrdinal is not null, "o.ordinal < @BeforeOrdinal");
        AddIf(query.VirtualMachineId is not null, "o.virtual_machine_id = @VirtualMachineId");
        AddIf(query.CampaignId is not null, "o.campaign_id = @campaign");
        AddIf(query.Kind is not null, "o.kind = @Kind");
        // In the words of the partial index operations_live: every state before the first terminal one.
        AddIf(query.LiveOnly, "o.state <= 3");
        var where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        var rows = await ReadAsync(connection => connection.QueryAsync<OperationRow>(new CommandDefinition(
            $"SELECT {OperationRow.Columns} {OperationRow.From} {where} ORDER BY o.ordinal DESC LIMIT @Limit",
            new { query.BeforeOrdinal, query.VirtualMachineId, campaign = query.CampaignId is { } id ? Key(id) : null, query.Limit, query.Kind },
            cancellationToken: cancellationToken)), cancellationToken);
        return [.. rows.Select(row => row.ToSnapshot())];

        void AddIf(bool wanted, string condition)
        {
            if (wanted)
            {
                conditions.Add(condition);
            }
        }
    }

    /// <summary>Every operation of some kinds for which the host was called, in the order of acceptance.</summary>
    public Task<IReadOnlyList<MachineStep>> ReadStepsAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken)
        => ReadAsync(connection => MachineStep.ReadAsync(connection, kinds, cancellationToken), cancellationToken);

    /// <summary>Reads recorded events after a sequence, oldest first, at most a number of them.</summary>
    public async Task<IReadOnlyList<OperationEvent>> ReadEventsAsync(
        long ordinal, long afterSequence, int atMost, CancellationToken cancellationToken)
    {
        var payloads = await ReadAsync(connection => connection.QueryAsync<string>(new CommandDefinition(
            "SELECT payload FROM events WHERE ordinal = @ordinal AND sequence > @afterSequence ORDER BY sequence LIMIT @atMost",
            new { ordinal, afterSequence, atMost },
            cancellationToken: cancellationToken)), cancellationToken);
        return [.. payloads.Select(JournalJson.ReadEvent)];
    }

    /// <summary>The highest epoch seen for each campaign, and who came with it.</summary>
    public async Task<IReadOnlyList<CampaignClaim>> ReadClaimsAsync(CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(connection => connection.QueryAsync<(string CampaignId, long Epoch, string? Coordinator, string? Instance)>(new CommandDefinition(
            "SELECT e.campaign_id, e.epoch, c.coordinator, c.instance FROM epochs e LEFT JOIN claims c ON c.campaign_id = e.campaign_id",
            cancellationToken: cancellationToken)), cancellationToken);
        return [.. rows.Select(row => new CampaignClaim(Guid.Parse(row.CampaignId), row.Epoch, row.Coordinator ?? string.Empty, row.Instance ?? string.Empty))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _counter.Dispose();
        SqliteDatabase.CloseReaders(_reading);
        _lock.Dispose();
    }

    private static void InsertEvent(SqliteConnection connection, SqliteTransaction transaction, long ordinal, OperationEvent recorded)
        => connection.Execute(
            JournalTable.Events.Insert,
            new
            {
                ordinal,
                sequence = recorded.Sequence,
                kind = (int)recorded.Kind,
                time = recorded.Time.UtcTicks,
                payload = JournalJson.Write(recorded),
            },
            transaction);

    private static void UpdateChecksum(SqliteConnection connection, SqliteTransaction transaction, long ordinal)
        => connection.Execute(JournalTable.Operations.UpdateChecksum("ordinal = @ordinal"), new { ordinal }, transaction);

    private static CampaignClaim? ClaimOf(CampaignReference? tie) => tie is null ? null : new CampaignClaim(tie.CampaignId, tie.Epoch, string.Empty, string.Empty);

    private static void Claim(SqliteConnection connection, SqliteTransaction transaction, CampaignClaim claim)
        => connection.Execute(
            $"""
            INSERT INTO epochs (campaign_id, epoch) VALUES (@id, @epoch)
            ON CONFLICT (campaign_id) DO UPDATE SET epoch = max(epoch, excluded.epoch);
            {JournalTable.Epochs.UpdateChecksum("campaign_id = @id")};
            INSERT INTO claims (campaign_id, coordinator, instance, checksum) VALUES (@id, @coordinator, @instance, 0)
            ON CONFLICT (campaign_id) DO UPDATE SET coordinator = excluded.coordinator, instance = excluded.instance;
            {JournalTable.Claims.UpdateChecksum("campaign_id = @id")};
            """,
            new { id = Key(claim.CampaignId), epoch = claim.Epoch, coordinator = claim.Coordinator, instance = claim.Instance },
            transaction);

    private static string Key(Guid id) => id.ToString("D");

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(_reading);
            await connection.OpenAsync(cancellationToken);
            return await read(connection);
        }
        catch (SqliteException exception)
        {
            throw new JournalException($"The journal could not be read: {exception.Message}", exception);
        }
    }
}
