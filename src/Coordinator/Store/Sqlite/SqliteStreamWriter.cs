using System.Text.Json;
using Dapper;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store.Rows;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>Writes to the tables. The caller owns the transaction. What every turn of a campaign writes goes through prepared commands, the rest through Dapper.</summary>
internal sealed class SqliteStreamWriter(SqliteConnection connection, SqliteTransaction transaction, PreparedCommands prepared)
{
    /// <summary>Writes everything, or refuses before it has changed anything: a refused write does not spoil the transaction for the others.</summary>
    /// <param name="created">The campaign to create first; null for an append.</param>
    /// <param name="append">What to append.</param>
    /// <returns>Null when written, otherwise the reason.</returns>
    public Exception? TryWrite(NewCampaign? created, StreamAppend append)
    {
        var uid = append.Campaign.ToString("D");
        StreamEnd end;
        if (created is { } creation)
        {
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM campaigns WHERE id = @Id", new { creation.Id }, transaction) > 0)
            {
                return new CampaignExistsException(creation.Id);
            }

            Insert(creation);
            end = new StreamEnd(0, [], 0, []);
        }
        else
        {
            var found = FindEnd(uid);
            if (found is null || ((append.Events.Count > 0 || append.Deletion is not null) && found.Version != append.ExpectedVersion))
            {
                return new VersionConflictException(append.Campaign, append.ExpectedVersion, found?.Version ?? 0);
            }

            end = found;
        }

        var version = end.Version + append.Events.Count;
        var eventHash = InsertEvents(uid, end, append.Events);
        var (sequence, hash) = InsertAudit(uid, end, append.Audit, version, eventHash);
        prepared.Execute(
            transaction,
            "UPDATE campaigns SET version = $version, event_hash = $eventHash, audit_sequence = $sequence, audit_hash = $hash WHERE uid = $uid",
            ("$uid", uid), ("$version", version), ("$eventHash", eventHash), ("$sequence", sequence), ("$hash", hash.ToArray()));
        WriteHolds(uid, append.Holds);
        if (append.Projection is { } projection)
        {
            prepared.Execute(
                transaction,
                "UPDATE campaigns SET state = $state, is_terminal = $isTerminal, summary = $summary WHERE uid = $uid",
                ("$uid", uid), ("$state", projection.State), ("$isTerminal", projection.IsTerminal), ("$summary", projection.Summary.ToArray()));
        }

        if (append.Document is { } document)
        {
            connection.Execute("UPDATE campaigns SET document = @Text, source = @Source WHERE uid = @uid", new { uid, document.Text, document.Source }, transaction);
        }

        foreach (var progress in append.Progress)
        {
            prepared.Execute(
                transaction,
                """
                INSERT INTO progress (campaign, item, attempt, percent) VALUES ($uid, $item, $attempt, $percent)
                ON CONFLICT (campaign, item) DO UPDATE SET attempt = excluded.attempt, percent = excluded.percent
                """,
                ("$uid", uid), ("$item", progress.Item), ("$attempt", progress.Attempt), ("$percent", progress.Percent));
        }

        foreach (var request in append.Requests)
        {
            connection.Execute("DELETE FROM requests WHERE time <= @ticks", new { ticks = (request.Time - AnsweredRequest.Lifetime).UtcTicks }, transaction);
            connection.Execute(
                "INSERT OR REPLACE INTO requests (campaign, id, time, digest, items) VALUES (@uid, @id, @time, @digest, @items)",
                new { uid, id = request.Id.ToString("D"), time = request.Time.UtcTicks, digest = request.Digest.ToArray(), items = JsonSerializer.Serialize(request.Items) },
                transaction);
        }

        if (append.Snapshot is { } snapshot)
        {
            var known = connection.ExecuteScalar<byte[]?>(
                "SELECT hash FROM events WHERE campaign = @uid AND version = @Version", new { uid, snapshot.Version }, transaction) ?? [];
            SqliteSnapshots.Write(connection, uid, snapshot, known);
        }

        if (append.Deletion is { } deletion)
        {
            Delete(uid, deletion);
        }

        return null;
    }

    /// <summary>Keeps the row for the audit and the held machines, under a name with a slash: no campaign's id has one, so it is never found.</summary>
    private void Delete(string uid, CampaignDeletion deletion) => connection.Execute(
        """
        DELETE FROM events WHERE campaign = @uid;
        DELETE FROM snapshots WHERE campaign = @uid;
        DELETE FROM progress WHERE campaign = @uid;
        DELETE FROM requests WHERE campaign = @uid;
        UPDATE campaigns
        SET deleted_id = id, deleted_by = @By, deleted_time = @ticks, id = 'deleted/' || uid, document = '', source = '', summary = x'', is_terminal = 1
        WHERE uid = @uid AND deleted_id IS NULL
        """,
        new { uid, deletion.By, ticks = deletion.Time.UtcTicks },
        transaction);

    private void Insert(NewCampaign campaign) => connection.Execute(
        """
        INSERT INTO campaigns (uid, id, document, source, created_by, create_time, version, state, is_terminal, summary, audit_sequence, audit_hash)
        VALUES (@uid, @Id, @Document, @Source, @CreatedBy, @time, 0, 0, 0, x'', 0, x'')
        """,
        new { uid = campaign.Uid.ToString("D"), campaign.Id, campaign.Document, campaign.Source, campaign.CreatedBy, time = campaign.CreateTime.UtcTicks },
        transaction);

    private StreamEnd? FindEnd(string uid)
    {
        using var rows = prepared.Query(transaction, "SELECT version, event_hash, audit_sequence, audit_hash FROM campaigns WHERE uid = $uid", ("$uid", uid));
        return rows.Read() ? new StreamEnd(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3)) : null;
    }

    private void WriteHolds(string uid, IReadOnlyList<(Guid Machine, string Host, HoldState State)> holds)
    {
        foreach (var (machine, host, state) in holds)
        {
            if (state == HoldState.Released)
            {
                prepared.Execute(transaction, "DELETE FROM machines WHERE machine = $machine AND campaign = $uid", ("$machine", machine.ToString("D")), ("$uid", uid));
                continue;
            }

            prepared.Execute(
                transaction,
                """
                INSERT INTO machines (machine, campaign, host, state) VALUES ($machine, $uid, $host, $state)
                ON CONFLICT (machine, campaign) DO UPDATE SET host = excluded.host, state = excluded.state
                """,
                ("$machine", machine.ToString("D")), ("$uid", uid), ("$host", host), ("$state", (int)state));
        }
    }

    private byte[] InsertEvents(string uid, StreamEnd end, IReadOnlyList<NewEvent> events)
    {
        var (version, hash) = (end.Version, end.EventHash);
        foreach (var newEvent in events)
        {
            hash = EventChain.Next(hash, ++version, newEvent.Time, newEvent.Type, newEvent.Data);
            if (newEvent.Data.IsLent)
            {
                SqliteLentEvents.Write(connection, uid, version, newEvent, hash);
                continue;
            }

            prepared.Execute(
                transaction,
                "INSERT INTO events (campaign, version, time, type, data, hash) VALUES ($campaign, $version, $time, $type, $data, $hash)",
                ("$campaign", uid), ("$version", version), ("$time", newEvent.Time.UtcTicks), ("$type", newEvent.Type), ("$data", newEvent.Data.ToString()), ("$hash", hash));
        }

        return hash;
    }

    private (long Sequence, ReadOnlyMemory<byte> Hash) InsertAudit(
        string uid,
        StreamEnd end,
        IReadOnlyList<AuditEntry> entries,
        long version,
        byte[] eventHash)
    {
        var (sequence, hash) = (end.AuditSequence, (ReadOnlyMemory<byte>)end.AuditHash);
        foreach (var entry in entries)
        {
            var record = AuditChain.Next(++sequence, entry, hash, version, eventHash);
            prepared.Execute(
                transaction,
                """
                INSERT INTO audit (campaign, sequence, time, actor, source, action, target, result, details, previous_hash, hash, stream_version, stream_hash)
                VALUES ($uid, $sequence, $time, $actor, $source, $action, $target, $result, $details, $previous, $hash, $version, $eventHash)
                """,
                ("$uid", uid),
                ("$sequence", sequence),
                ("$time", entry.Time.UtcTicks),
                ("$actor", entry.Actor),
                ("$source", entry.Source),
                ("$action", entry.Action),
                ("$target", entry.Target),
                ("$result", entry.Result),
                ("$details", entry.Details),
                ("$previous", hash.ToArray()),
                ("$hash", record.Hash.ToArray()),
                ("$version", version),
                ("$eventHash", eventHash));
            hash = record.Hash;
        }

        return (sequence, hash);
    }
}
