using System.Data.Common;
using Dapper;
using HostAgent.Coordinator.Store.Rows;

namespace HostAgent.Coordinator.Store.States;

/// <summary>The tables of states, read. The SQL is that of both databases.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="isServer">Whether it is PostgreSQL, whose ids are <c>uuid</c> and whose verdicts are <c>boolean</c>.</param>
internal sealed class StateTables(DbConnection connection, bool isServer)
{
    private const int MostInQuery = 500;

    private string Uuid => isServer ? "uuid" : "text";

    private string IsLive => isServer ? "NOT has_ended" : "has_ended = 0";

    /// <summary>The table of the states of a family.</summary>
    public static string TableOf(StateFamily family) => family switch
    {
        StateFamily.Returns => "returns",
        StateFamily.Drills => "drills",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There are no states of this family."),
    };

    /// <summary>The table of their audit. In a server's database <c>audit</c> is that of the campaigns.</summary>
    public static string AuditOf(StateFamily family, bool isServer) => family == StateFamily.Returns && !isServer ? "audit" : $"{TableOf(family)}_audit";

    /// <summary>The refusal of a write by one who does not have the newest state.</summary>
    public static StateConflictException Conflict(StateWrite write, long actual) => new($"{Key(write.Uid)} of {TableOf(write.Family)}", write.Version - 1, actual);

    /// <summary>An id as both databases take it.</summary>
    public static string Key(Guid id) => id.ToString("D");

    public Task<IReadOnlyList<string>> LoadLiveAsync(StateFamily family, CancellationToken cancellationToken)
        => QueryAsync(family, $"WHERE {IsLive} ORDER BY create_time, uid", new { }, cancellationToken);

    public async Task<IReadOnlyList<string>> FindNewestAsync(StateFamily family, IEnumerable<Guid> machines, CancellationToken cancellationToken)
    {
        var table = TableOf(family);
        var found = new List<string>();
        foreach (var some in machines.Select(Key).Chunk(MostInQuery))
        {
            found.AddRange(await QueryAsync(
                family,
                $"""
                WHERE machine {(isServer ? "= ANY(CAST(@some AS uuid[]))" : "IN @some")} AND NOT EXISTS (
                  SELECT 1 FROM {table} AS later WHERE later.machine = {table}.machine AND (later.create_time, later.uid) > ({table}.create_time, {table}.uid))
                """,
                new { some },
                cancellationToken));
        }

        return found;
    }

    public async Task<string?> FindAsync(StateFamily family, Guid uid, CancellationToken cancellationToken)
        => await QueryAsync(family, $"WHERE uid = CAST(@uid AS {Uuid})", new { uid = Key(uid) }, cancellationToken) is [var found] ? found : null;

    public Task<IReadOnlyList<string>> ListAsync(StateFamily family, int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken)
        => QueryAsync(
            family,
            $"""
            WHERE {(after is null ? "1 = 1" : $"(create_time, uid) < (@ticks, CAST(@uid AS {Uuid}))")} {(liveOnly ? $"AND {IsLive}" : "")}
            ORDER BY create_time DESC, uid DESC LIMIT @limit
            """,
            new { uid = after is { } last ? Key(last.Uid) : "", ticks = after?.CreateTicks ?? 0, limit },
            cancellationToken);

    /// <summary>Reads a page of the audit of one, oldest first.</summary>
    public async Task<List<AuditRecord>> ReadAuditAsync(StateFamily family, Guid uid, long afterSequence, int limit, CancellationToken cancellationToken)
        => [.. (await connection.QueryAsync<StateAuditRow>(new CommandDefinition(
            $"SELECT {StateAuditRow.Columns} FROM {AuditOf(family, isServer)} WHERE uid = CAST(@uid AS {Uuid}) AND sequence > @afterSequence ORDER BY sequence LIMIT @limit",
            new { uid = Key(uid), afterSequence, limit },
            cancellationToken: cancellationToken))).Select(row => row.ToRecord())];

    public async Task<IReadOnlyList<ProofDate>> ListProofDatesAsync(CancellationToken cancellationToken)
        => [.. await connection.QueryAsync<ProofDate>(new CommandDefinition(
            $"SELECT {(isServer ? "machine::text" : "machine")} AS Machine, {(isServer ? "passed::int::bigint" : "passed")} AS Passed, time AS Time, valid_until AS ValidUntil FROM proofs ORDER BY machine",
            cancellationToken: cancellationToken))];

    public async Task<IReadOnlyList<string>> FindProofsAsync(Guid machine, CancellationToken cancellationToken)
        => [.. await connection.QueryAsync<string>(new CommandDefinition(
            $"SELECT proof FROM proofs WHERE machine = CAST(@machine AS {Uuid})", new { machine = Key(machine) }, cancellationToken: cancellationToken))];

    private async Task<IReadOnlyList<string>> QueryAsync(StateFamily family, string where, object parameters, CancellationToken cancellationToken)
        => [.. await connection.QueryAsync<string>(new CommandDefinition($"SELECT state FROM {TableOf(family)} {where}", parameters, cancellationToken: cancellationToken))];
}

/// <summary>The ends of a state's row.</summary>
internal sealed record StateEnd(long Version, long AuditSequence, byte[] AuditHash)
{
    /// <summary>Of a state that was never written.</summary>
    public static StateEnd None { get; } = new(0, 0, []);

    /// <summary>The records of a write's entries, and the end after them.</summary>
    public (IReadOnlyList<AuditRecord> Records, StateEnd End) After(StateWrite write)
    {
        var (sequence, hash) = (AuditSequence, (ReadOnlyMemory<byte>)AuditHash);
        var records = new List<AuditRecord>();
        foreach (var entry in write.Audit)
        {
            var record = AuditChain.Next(++sequence, entry, hash, streamVersion: 0, streamHash: default);
            records.Add(record);
            hash = record.Hash;
        }

        return (records, new StateEnd(write.Version, sequence, hash.ToArray()));
    }
}
