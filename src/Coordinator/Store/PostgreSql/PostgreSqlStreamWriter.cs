using System.Text.Json;
using Dapper;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store.Rows;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>A write to the stream of a campaign.</summary>
/// <param name="Creation">The campaign, when it is new; null for one that exists.</param>
/// <param name="Append">What is appended.</param>
internal sealed record StreamWrite(NewCampaign? Creation, StreamAppend Append) : IEventsWrite
{
    public int Events => Append.Events.Count;
}

/// <summary>Writes to the tables of the streams.</summary>
internal sealed class PostgreSqlStreamWriter(NpgsqlConnection connection, NpgsqlTransaction transaction) : PostgreSqlTables<StreamWrite>(connection, transaction)
{
    private readonly NpgsqlConnection _connection = connection;
    private readonly NpgsqlTransaction _transaction = transaction;
    private readonly Dictionary<Guid, StreamEnd> _ends = [];

    /// <inheritdoc/>
    public override async Task LockAsync(IReadOnlyList<StreamWrite> writes)
    {
        var campaigns = writes.Where(write => write.Creation is null).Select(write => write.Append.Campaign).Distinct();
        var rows = await _connection.QueryAsync<LockedRow>(
            """
            SELECT uid AS Uid, version AS Version, event_hash AS EventHash, audit_sequence AS AuditSequence, audit_hash AS AuditHash
            FROM campaigns WHERE uid = ANY(@uids) ORDER BY uid FOR UPDATE
            """,
            new { uids = campaigns.ToArray() },
            _transaction);
        foreach (var row in rows)
        {
            _ends[row.Uid] = new StreamEnd(row.Version, row.EventHash, row.AuditSequence, row.AuditHash);
        }
    }

    /// <inheritdoc/>
    public override async Task<Exception?> TryWriteAsync(StreamWrite write)
        => write.Creation is { } creation && !await TryCreateAsync(creation) ? new CampaignExistsException(creation.Id) : TryWrite(write.Append);

    // Whether its id was free.
    private async Task<bool> TryCreateAsync(NewCampaign campaign)
    {
        var created = await _connection.ExecuteAsync(
            """
            INSERT INTO campaigns (uid, id, document, source, created_by, create_time, version, event_hash, state, is_terminal, summary, audit_sequence, audit_hash)
            VALUES (@Uid, @Id, @Document, @Source, @CreatedBy, @time, 0, '', 0, false, '', 0, '') ON CONFLICT (id) DO NOTHING
            """,
            new { campaign.Uid, campaign.Id, campaign.Document, campaign.Source, campaign.CreatedBy, time = campaign.CreateTime.UtcTicks },
            _transaction) == 1;
        if (created)
        {
            _ends[campaign.Uid] = new StreamEnd(0, [], 0, []);
        }

        return created;
    }

    private VersionConflictException? TryWrite(StreamAppend append)
    {
        var uid = append.Campaign;
        if (!_ends.TryGetValue(uid, out var end) || ((append.Events.Count > 0 || append.Deletion is not null) && end.Version != append.ExpectedVersion))
        {
            return new VersionConflictException(uid, append.ExpectedVersion, end?.Version ?? 0);
        }

        var version = end.Version + append.Events.Count;
        var eventHash = AddEvents(uid, end, append.Events);
        var (sequence, auditHash) = AddAudit(uid, end, append.Audit, version, eventHash);
        _ends[uid] = new StreamEnd(version, eventHash, sequence, auditHash);
        Add("UPDATE campaigns SET version = $2, event_hash = $3, audit_sequence = $4, audit_hash = $5 WHERE uid = $1", uid, version, eventHash, sequence, auditHash);
        foreach (var (machine, host, state) in append.Holds)
        {
            if (state == HoldState.Released)
            {
                Add("DELETE FROM machines WHERE machine = $1 AND campaign = $2", machine, uid);
            }
            else
            {
                Add(
                    "INSERT INTO machines (machine, campaign, host, state) VALUES ($1, $2, $3, $4) ON CONFLICT (machine, campaign) DO UPDATE SET host = excluded.host, state = excluded.state",
                    machine, uid, host, (int)state);
            }
        }

        if (append.Projection is { } projection)
        {
            Add("UPDATE campaigns SET state = $2, is_terminal = $3, summary = $4 WHERE uid = $1", uid, projection.State, projection.IsTerminal, projection.Summary.ToArray());
        }

        if (append.Document is { } document)
        {
            Add("UPDATE campaigns SET document = $2, source = $3 WHERE uid = $1", uid, document.Text, document.Source);
        }

        foreach (var progress in append.Progress)
        {
            Add(
                "INSERT INTO progress (campaign, item, attempt, percent) VALUES ($1, $2, $3, $4) ON CONFLICT (campaign, item) DO UPDATE SET attempt = excluded.attempt, percent = excluded.percent",
                uid, progress.Item, progress.Attempt, progress.Percent);
        }

        foreach (var request in append.Requests)
        {
            // What another coordinator is forgetting at this moment is left to it: two that waited for each other would be a deadlock.
            Add(
                "DELETE FROM requests WHERE (campaign, id) IN (SELECT campaign, id FROM requests WHERE time <= $1 FOR UPDATE SKIP LOCKED)",
                (request.Time - AnsweredRequest.Lifetime).UtcTicks);
            Add(
                """
                INSERT INTO requests (campaign, id, time, digest, items) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (campaign, id) DO UPDATE SET time = excluded.time, digest = excluded.digest, items = excluded.items
                """,
                uid, request.Id, request.Time.UtcTicks, request.Digest.ToArray(), JsonSerializer.Serialize(request.Items));
        }

        if (append.Snapshot is { } snapshot)
        {
            // The same hash as SnapshotRow.HashOf: the server knows the event's.
            Add(
                """
                INSERT INTO snapshots (campaign, version, data, event_hash, hash)
                SELECT $1, $2, $3, known.hash, sha256(sha256($3) || known.hash)
                FROM (SELECT coalesce((SELECT hash FROM events WHERE campaign = $1 AND version = $2), ''::bytea) AS hash) known
                ON CONFLICT (campaign) DO UPDATE SET version = excluded.version, data = excluded.data, event_hash = excluded.event_hash, hash = excluded.hash
                WHERE excluded.version > snapshots.version
                """,
                uid, snapshot.Version, snapshot.Data);
        }

        if (append.Deletion is { } deletion)
        {
            foreach (var table in (ReadOnlySpan<string>)["events", "snapshots", "progress", "requests"])
            {
                Add($"DELETE FROM {table} WHERE campaign = $1", uid);
            }

            // The row stays for the audit and the held machines, under a name with a slash: no campaign's id has one, so it is never found.
            Add(
                """
                UPDATE campaigns
                SET deleted_id = id, deleted_by = $2, deleted_time = $3, id = 'deleted/' || uid, document = '', source = '', summary = '', is_terminal = true
                WHERE uid = $1 AND deleted_id IS NULL
                """,
                uid, deletion.By, deletion.Time.UtcTicks);
        }

        return null;
    }

    private byte[] AddEvents(Guid uid, StreamEnd end, IReadOnlyList<NewEvent> events)
    {
        var hash = end.EventHash;
        if (events.Count == 0)
        {
            return hash;
        }

        var hashes = new byte[events.Count][];
        for (var index = 0; index < events.Count; index++)
        {
            var added = events[index];
            hash = hashes[index] = EventChain.Next(hash, end.Version + index + 1, added.Time, added.Type, added.Data);
        }

        if (events.Any(added => added.Data.IsLent))
        {
            // The driver reads lent memory where it is, but not as an element of an array.
            for (var index = 0; index < events.Count; index++)
            {
                var added = events[index];
                Add(
                    "INSERT INTO events (campaign, version, time, type, data, hash) VALUES ($1, $2, $3, $4, $5, $6)",
                    uid, end.Version + index + 1, added.Time.UtcTicks, added.Type, added.Data, hashes[index]);
            }

            return hash;
        }

        Add(
            """
            INSERT INTO events (campaign, version, time, type, data, hash)
            SELECT $1, $2 + added.ordinal, added.time, added.type, added.data, added.hash
            FROM unnest($3, $4, $5, $6) WITH ORDINALITY AS added (time, type, data, hash, ordinal)
            """,
            uid, end.Version, events.Select(added => added.Time.UtcTicks).ToArray(), events.Select(added => added.Type).ToArray(), events.Select(added => added.Data.ToString()).ToArray(), hashes);
        return hash;
    }

    private (long Sequence, byte[] Hash) AddAudit(Guid uid, StreamEnd end, IReadOnlyList<AuditEntry> entries, long version, byte[] eventHash)
    {
        var (sequence, hash) = (end.AuditSequence, end.AuditHash);
        foreach (var entry in entries)
        {
            var next = AuditChain.Next(++sequence, entry, hash, version, eventHash).Hash.ToArray();
            Add(
                """
                INSERT INTO audit (campaign, sequence, time, actor, source, action, target, result, details, previous_hash, hash, stream_version, stream_hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """,
                uid, sequence, entry.Time.UtcTicks, entry.Actor, entry.Source, entry.Action, entry.Target, entry.Result, entry.Details, hash, next, version, eventHash);
            hash = next;
        }

        return (sequence, hash);
    }

    private sealed record LockedRow(Guid Uid, long Version, byte[] EventHash, long AuditSequence, byte[] AuditHash);
}
