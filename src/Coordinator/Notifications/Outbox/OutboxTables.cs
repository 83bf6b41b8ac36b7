using System.Data.Common;
using Dapper;
using HostAgent.Coordinator.Store.Rows;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>The tables of the outbox. The SQL is that of both databases.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="transaction">Its transaction; null to read.</param>
/// <param name="isServer">Whether the database is PostgreSQL, whose ids have a type of their own and whose numbers have sizes.</param>
internal sealed class OutboxTables(DbConnection connection, DbTransaction? transaction, bool isServer)
{
    /// <summary>The columns of the audit in the order of the row.</summary>
    public const string AuditColumns = """
        sequence AS Sequence, time AS Time, actor AS Actor, source AS Source, action AS Action, target AS Target, result AS Result, details AS Details,
        previous_hash AS PreviousHash, hash AS Hash
        """;

    public async Task<OutboxContents> LoadAsync(CancellationToken cancellationToken)
    {
        var cursors = (await connection.QueryAsync<CursorRow>(Command($"SELECT {Text("campaign")} AS Campaign, version AS Version FROM notification_cursors", cancellationToken)))
            .ToDictionary(row => Guid.ParseExact(row.Campaign, "D"), row => row.Version);
        var messages = await connection.QueryAsync<MessageRow>(Command(
            $"""
            SELECT channel AS Channel, {Number("state")} AS State, create_time AS CreateTime, due_time AS DueTime, {Number("attempts")} AS Attempts, reason AS Reason, digest AS Digest
            FROM notification_messages
            """,
            cancellationToken));
        var channels = await connection.QueryAsync<ChannelRow>(Command(
            "SELECT name AS Name, fingerprint AS Fingerprint, success_time AS SuccessTime, error_time AS ErrorTime, error AS Error, dropped AS Dropped FROM notification_channels", cancellationToken));
        return new OutboxContents(
            !cursors.Remove(Guid.Empty),
            cursors,
            [.. messages.Select(row => row.ToMessage()).OrderBy(message => message.CreateTime).ThenBy(message => message.Digest.FirstVersion)],
            [.. channels.Select(row => row.ToRecord())]);
    }

    public async Task WriteAsync(OutboxWrite write)
    {
        foreach (var (campaign, version) in write.Cursors)
        {
            await ExecuteAsync(
                version is null
                    ? $"DELETE FROM notification_cursors WHERE campaign = {Id("@campaign")}"
                    : $"INSERT INTO notification_cursors (campaign, version) VALUES ({Id("@campaign")}, @version) ON CONFLICT (campaign) DO UPDATE SET version = excluded.version",
                new { campaign = campaign.ToString("D"), version });
        }

        foreach (var channel in write.Channels)
        {
            await ExecuteAsync(
                """
                INSERT INTO notification_channels (name, fingerprint, success_time, error_time, error, dropped) VALUES (@Name, @Fingerprint, @success, @failed, @Error, @Dropped)
                ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, success_time = excluded.success_time, error_time = excluded.error_time, error = excluded.error, dropped = excluded.dropped
                """,
                new { channel.Name, channel.Fingerprint, success = channel.SuccessTime?.UtcTicks, failed = channel.ErrorTime?.UtcTicks, channel.Error, channel.Dropped });
        }

        foreach (var message in write.Removed)
        {
            await ExecuteAsync("DELETE FROM notification_messages WHERE channel = @Channel AND id = @Id", new { message.Channel, message.Id });
        }

        foreach (var message in write.Saved)
        {
            await ExecuteAsync(
                """
                INSERT INTO notification_messages (channel, id, state, create_time, due_time, attempts, reason, digest) VALUES (@Channel, @Id, @state, @created, @due, @Attempts, @Reason, @digest)
                ON CONFLICT (channel, id) DO UPDATE SET state = excluded.state, create_time = excluded.create_time, due_time = excluded.due_time, attempts = excluded.attempts, reason = excluded.reason, digest = excluded.digest
                """,
                new { message.Channel, message.Id, state = (int)message.State, created = message.CreateTime.UtcTicks, due = message.DueTime.UtcTicks, message.Attempts, message.Reason, digest = message.Digest.Write() });
        }

        foreach (var entry in write.Audit)
        {
            await AppendAsync(entry);
        }
    }

    private async Task AppendAsync(AuditEntry entry)
    {
        var last = (await connection.QueryFirstOrDefaultAsync<OutboxAuditRow>(Command($"SELECT {AuditColumns} FROM notification_audit ORDER BY sequence DESC LIMIT 1", default)))?.ToRecord();
        var record = AuditChain.Next((last?.Sequence ?? 0) + 1, entry, last?.Hash ?? default, streamVersion: 0, streamHash: default);
        await ExecuteAsync(
            """
            INSERT INTO notification_audit (sequence, time, actor, source, action, target, result, details, previous_hash, hash)
            VALUES (@Sequence, @time, @Actor, @Source, @Action, @Target, @Result, @Details, @previous, @own)
            """,
            new
            {
                record.Sequence,
                time = entry.Time.UtcTicks,
                entry.Actor,
                entry.Source,
                entry.Action,
                entry.Target,
                entry.Result,
                entry.Details,
                previous = record.PreviousHash.ToArray(),
                own = record.Hash.ToArray(),
            });
    }

    private string Text(string column) => isServer ? $"{column}::text" : column;

    private string Number(string column) => isServer ? $"{column}::bigint" : column;

    private string Id(string parameter) => isServer ? $"{parameter}::uuid" : parameter;

    private Task<int> ExecuteAsync(string sql, object values) => connection.ExecuteAsync(sql, values, transaction);

    private CommandDefinition Command(string sql, CancellationToken cancellationToken) => new(sql, transaction: transaction, cancellationToken: cancellationToken);

    private sealed record CursorRow(string Campaign, long Version);

    private sealed record MessageRow(string Channel, long State, long CreateTime, long DueTime, long Attempts, string Reason, string Digest)
    {
        public OutboxMessage ToMessage()
            => new(Channel, Outbox.Digest.Read(Digest), (MessageState)State, new DateTimeOffset(CreateTime, TimeSpan.Zero), new DateTimeOffset(DueTime, TimeSpan.Zero), (int)Attempts, Reason);
    }

    private sealed record ChannelRow(string Name, string Fingerprint, long? SuccessTime, long? ErrorTime, string Error, long Dropped)
    {
        public ChannelRecord ToRecord() => new(Name, Fingerprint, Of(SuccessTime), Of(ErrorTime), Error, Dropped);

        private static DateTimeOffset? Of(long? ticks) => ticks is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
    }
}

/// <summary>A row of <c>notification_audit</c> with types that every database reads.</summary>
internal sealed record OutboxAuditRow(long Sequence, long Time, string Actor, string Source, string Action, string Target, string Result, string Details, byte[] PreviousHash, byte[] Hash)
{
    public AuditRecord ToRecord() => new AuditRow(Sequence, Time, Actor, Source, Action, Target, Result, Details, PreviousHash, Hash, 0, []).ToRecord();
}
