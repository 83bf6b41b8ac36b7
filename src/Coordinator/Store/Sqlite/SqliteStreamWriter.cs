using System.Text.Json;
using Dapper;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store.Rows;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>Writes to the tables. The caller owns the transaction.</summary>
internal sealed class SqliteStreamWriter(SqliteConnection connection, SqliteTransaction transaction)
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
            var found = connection.QuerySingleOrDefault<StreamEnd>(
                "SELECT version AS Version, event_hash AS EventHash, audit_sequence AS AuditSequence, audit_hash AS AuditHash FROM campaigns WHERE uid = @uid",
                new { uid },
                transaction);
            if (found is null || ((append.Events.Count > 0 || append.Deletion is not null) && found.Version != append.ExpectedVersion))
            {
                return new VersionConflictException(append.Campaign, append.ExpectedVersion, found?.Version ?? 0);
            }

            end = found;
        }

        var version = end.Version + append.Events.Count;
        var eventHash = InsertEvents(uid, end, append.Events);
        var (sequence, hash) = InsertAudit(uid, end, append.Audit, version, eventHash);
        connection.Execute(
            "UPDATE campaigns SET version = @version, event_hash = @eventHash, audit_sequence = @sequence, audit_hash = @hash WHERE uid = @uid",
            new { uid, version, eventHash, sequence, hash = hash.ToArray() },
            transaction);
        foreach (var (machine, host, state) in append.Holds)
        {
            connection.Execute(
                state == HoldState.Released
                    ? "DELETE FROM machines WHERE machine = @machine AND campaign = @uid"
                    : """
                      INSERT INTO machines (machine, campaign, host, state) VALUES (@machine, @uid, @host, @state)
                      ON CONFLICT (machine, campaign) DO UPDATE SET host = excluded.host, state = excluded.state
                      """,
                new { machine = machine.ToString("D"), uid, host, state = (int)state },
                transaction);
        }

        if (append.Projection is { } projection)
        {
            connection.Execute(
                "UPDATE campaigns SET state = @State, is_terminal = @IsTerminal, summary = @summary WHERE uid = @uid",
                new { uid, projection.State, projection.IsTerminal, summary = projection.Summary.ToArray() },
                transaction);
        }

        if (append.Document is { } document)
        {
            connection.Execute("UPDATE campaigns SET document = @Text, source = @Source WHERE uid = @uid", new { uid, document.Text, document.Source }, transaction);
        }

        foreach (var progress in append.Progress)
        {
            connection.Execute(
                """
                INSERT INTO progress (campaign, item, attempt, percent) VALUES (@uid, @Item, @Attempt, @Percent)
                ON CONFLICT (campaign, item) DO UPDATE SET attempt = excluded.attempt, percent = excluded.percent
                """,
                new { uid, progress.Item, progress.Attempt, progress.Percent },
                transaction);
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
            connection.Execute(
                """
                INSERT INTO snapshots (campaign, version, data, event_hash, hash) VALUES (@uid, @Version, @data, @known, @hash)
                ON CONFLICT (campaign) DO UPDATE SET version = excluded.version, data = excluded.data, event_hash = excluded.event_hash, hash = excluded.hash
                WHERE excluded.version > version
                """,
                new { uid, snapshot.Version, data = snapshot.Data.ToArray(), known, hash = SnapshotRow.HashOf(snapshot.Data.Span, known) },
                transaction);
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

    private byte[] InsertEvents(string uid, StreamEnd end, IReadOnlyList<NewEvent> events)
    {
        var (version, hash) = (end.Version, end.EventHash);
        // A prepared command instead of Dapper: this runs for every event of every campaign.
        if (events.Count == 0)
        {
            return hash;
        }

        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO events (campaign, version, time, type, data, hash) VALUES ($campaign, $version, $time, $type, $data, $hash)";
        command.Parameters.AddWithValue("$campaign", uid);
        var number = command.Parameters.Add("$version", SqliteType.Integer);
        var time = command.Parameters.Add("$time", SqliteType.Integer);
        var type = command.Parameters.Add("$type", SqliteType.Text);
        var data = command.Parameters.Add("$data", SqliteType.Text);
        var link = command.Parameters.Add("$hash", SqliteType.Blob);
        foreach (var newEvent in events)
        {
            number.Value = ++version;
            time.Value = newEvent.Time.UtcTicks;
            type.Value = newEvent.Type;
            data.Value = newEvent.Data;
            hash = EventChain.Next(hash, version, newEvent.Time, newEvent.Type, newEvent.Data);
            link.Value = hash;
            command.ExecuteNonQuery();
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
            connection.Execute(
                """
                INSERT INTO audit (campaign, sequence, time, actor, source, action, target, result, details, previous_hash, hash, stream_version, stream_hash)
                VALUES (@uid, @sequence, @time, @Actor, @Source, @Action, @Target, @Result, @Details, @previous, @hash, @version, @eventHash)
                """,
                new
                {
                    uid,
                    sequence,
                    time = entry.Time.UtcTicks,
                    entry.Actor,
                    entry.Source,
                    entry.Action,
                    entry.Target,
                    entry.Result,
                    entry.Details,
                    previous = hash.ToArray(),
                    hash = record.Hash.ToArray(),
                    version,
                    eventHash,
                },
                transaction);
            hash = record.Hash;
        }

        return (sequence, hash);
    }
}
