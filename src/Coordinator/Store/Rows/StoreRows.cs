using System.Security.Cryptography;
using System.Text.Json;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Store.Rows;

/// <summary>A row of <c>campaigns</c> with types that every database reads.</summary>
internal sealed record CampaignRow(
    string Uid,
    string Id,
    string Document,
    string Source,
    string CreatedBy,
    long CreateTime,
    long Version,
    long State,
    long IsTerminal,
    byte[] Summary)
{
    /// <summary>The columns in the order of the record.</summary>
    public const string Columns = """
        uid AS Uid, id AS Id, document AS Document, source AS Source, created_by AS CreatedBy, create_time AS CreateTime,
        version AS Version, state AS State, is_terminal AS IsTerminal, summary AS Summary
        """;

    public CampaignHead ToHead() => new(
        new NewCampaign(Guid.ParseExact(Uid, "D"), Id, Document, Source, CreatedBy, new DateTimeOffset(CreateTime, TimeSpan.Zero)),
        Version,
        new CampaignProjection((int)State, IsTerminal != 0, Summary));
}

/// <summary>The same without the document, which may have 1 MiB and is not part of lists.</summary>
internal sealed record ListedCampaignRow(string Uid, string Id, string Source, string CreatedBy, long CreateTime, long Version, long State, long IsTerminal, byte[] Summary)
{
    /// <summary>The columns in the order of the record.</summary>
    public const string Columns = """
        uid AS Uid, id AS Id, source AS Source, created_by AS CreatedBy, create_time AS CreateTime,
        version AS Version, state AS State, is_terminal AS IsTerminal, summary AS Summary
        """;

    public CampaignHead ToHead() => new CampaignRow(Uid, Id, string.Empty, Source, CreatedBy, CreateTime, Version, State, IsTerminal, Summary).ToHead();
}

/// <summary>A row of <c>events</c> with types that every database reads.</summary>
internal sealed record EventRow(long Version, long Time, string Type, string Data, byte[] Hash)
{
    public StoredEvent ToEvent() => new(Version, new DateTimeOffset(Time, TimeSpan.Zero), Type, Data) { Hash = Hash };
}

/// <summary>A row of <c>snapshots</c> with types that every database reads.</summary>
internal sealed record SnapshotRow(long Version, byte[] Data, byte[] EventHash, byte[] Hash)
{
    /// <summary>The row's snapshot; null when it is damaged.</summary>
    public StreamSnapshot? ToSnapshot() => HashOf(Data, EventHash).AsSpan().SequenceEqual(Hash) ? new(Version, Data) { EventHash = EventHash } : null;

    public static byte[] HashOf(ReadOnlySpan<byte> data, ReadOnlySpan<byte> eventHash) => SHA256.HashData([.. SHA256.HashData(data), .. eventHash]);
}

/// <summary>A row of <c>progress</c> with types that every database reads.</summary>
internal sealed record ProgressRow(string Item, long Attempt, long Percent)
{
    public ItemProgress ToProgress() => new(Item, (int)Attempt, (int)Percent);
}

/// <summary>A row of <c>requests</c> with types that every database reads.</summary>
internal sealed record RequestRow(string Id, long Time, byte[] Digest, string Items)
{
    public AnsweredRequest ToRequest()
        => new(Guid.ParseExact(Id, "D"), new DateTimeOffset(Time, TimeSpan.Zero), Digest, JsonSerializer.Deserialize<string[]>(Items) ?? []);
}

/// <summary>A row of <c>audit</c> with types that every database reads.</summary>
internal sealed record AuditRow(
    long Sequence,
    long Time,
    string Actor,
    string Source,
    string Action,
    string Target,
    string Result,
    string Details,
    byte[] PreviousHash,
    byte[] Hash,
    long StreamVersion,
    byte[] StreamHash)
{
    /// <summary>The columns in the order of the record.</summary>
    public const string Columns = """
        sequence AS Sequence, time AS Time, actor AS Actor, source AS Source, action AS Action, target AS Target, result AS Result, details AS Details,
        previous_hash AS PreviousHash, hash AS Hash, stream_version AS StreamVersion, stream_hash AS StreamHash
        """;

    public AuditRecord ToRecord() => new(
        Sequence,
        new AuditEntry(new DateTimeOffset(Time, TimeSpan.Zero), Actor, Source, Action, Target, Result, Details),
        PreviousHash,
        Hash)
    {
        StreamVersion = StreamVersion,
        StreamHash = StreamHash,
    };
}

/// <summary>A row of <c>machines</c> with the campaign's id.</summary>
internal sealed record MachineRow(string Machine, string Campaign, string Id, string Host, long State, string? DeletedId)
{
    public MachineHold ToHold() => new(Guid.ParseExact(Campaign, "D"), ResourceNames.Campaign(DeletedId ?? Id), Guid.ParseExact(Machine, "D"), Host, (HoldState)State);
}

/// <summary>The ends of a campaign's chains with types that every database reads.</summary>
internal sealed record SealRow(long Version, byte[] EventHash, long AuditSequence, byte[] AuditHash, long HasStart, long? DeletedTime);

/// <summary>The end of a campaign's stream and of its audit chain.</summary>
internal sealed record StreamEnd(long Version, byte[] EventHash, long AuditSequence, byte[] AuditHash);

/// <summary>A row of a state's audit with types that every database reads.</summary>
internal sealed record StateAuditRow(
    long Sequence, long Time, string Actor, string Source, string Action, string Target, string Result, string Details, byte[] PreviousHash, byte[] Hash)
{
    /// <summary>The columns in the order of the record.</summary>
    public const string Columns = """
        sequence AS Sequence, time AS Time, actor AS Actor, source AS Source, action AS Action, target AS Target, result AS Result, details AS Details,
        previous_hash AS PreviousHash, hash AS Hash
        """;

    public AuditRecord ToRecord() => new(Sequence, new AuditEntry(new DateTimeOffset(Time, TimeSpan.Zero), Actor, Source, Action, Target, Result, Details), PreviousHash, Hash);
}
