using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Coordinator.Store.States;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>
/// A row of a store as a line of an export. A campaign's line is followed by all of its own rows: events, audit, the rest. Its snapshot is left out: it is made anew. After
/// the campaigns come the returns and the drills, each followed by its audit, and the proofs.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "row", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CampaignLine), "campaign")]
[JsonDerivedType(typeof(EventLine), "event")]
[JsonDerivedType(typeof(AuditLine), "audit")]
[JsonDerivedType(typeof(ProgressLine), "progress")]
[JsonDerivedType(typeof(MachineLine), "machine")]
[JsonDerivedType(typeof(RequestLine), "request")]
[JsonDerivedType(typeof(StateLine), "state")]
[JsonDerivedType(typeof(StateAuditLine), "state_audit")]
[JsonDerivedType(typeof(ProofLine), "proof")]
internal abstract record StoreLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>The line, without its end.</summary>
    public string Write() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static StoreLine Read(string line) => JsonSerializer.Deserialize<StoreLine>(line, Options) ?? throw new JsonException("it is null");
}

/// <summary>A row of <c>campaigns</c>. Times are 100 ns since 0001-01-01 UTC.</summary>
internal sealed record CampaignLine(
    string Uid,
    string Id,
    string Document,
    string Source,
    string CreatedBy,
    long CreateTime,
    long Version,
    byte[] EventHash,
    long State,
    long IsTerminal,
    byte[] Summary,
    long AuditSequence,
    byte[] AuditHash,
    string? DeletedId,
    string? DeletedBy,
    long? DeletedTime) : StoreLine
{
    /// <summary>The campaign in a message.</summary>
    [JsonIgnore]
    public string Name => $"campaigns/{DeletedId ?? Id}{(DeletedId is null ? "" : " (deleted)")}";
}

/// <summary>A row of <c>events</c>.</summary>
internal sealed record EventLine(long Version, long Time, string Type, string Data, byte[] Hash) : StoreLine;

/// <summary>A row of <c>audit</c>.</summary>
internal sealed record AuditLine(
    long Sequence, long Time, string Actor, string Source, string Action, string Target, string Result, string Details, byte[] PreviousHash, byte[] Hash, long StreamVersion, byte[] StreamHash) : StoreLine
{
    public AuditRecord ToRecord() => new(Sequence, new AuditEntry(new DateTimeOffset(Time, TimeSpan.Zero), Actor, Source, Action, Target, Result, Details), PreviousHash, Hash)
    {
        StreamVersion = StreamVersion,
        StreamHash = StreamHash,
    };
}

/// <summary>A row of <c>progress</c>.</summary>
internal sealed record ProgressLine(string Item, long Attempt, long Percent) : StoreLine;

/// <summary>A row of <c>machines</c>.</summary>
internal sealed record MachineLine(string Machine, string Host, long State) : StoreLine;

/// <summary>A row of <c>requests</c>.</summary>
internal sealed record RequestLine(string Id, long Time, byte[] Digest, string Items) : StoreLine;

/// <summary>A row of <c>returns</c> or <c>drills</c>.</summary>
internal sealed record StateLine(string Family, string Uid, string Machine, string State, long Version, long HasEnded, long CreateTime, long AuditSequence, byte[] AuditHash) : StoreLine
{
    /// <summary>It in a message.</summary>
    [JsonIgnore]
    public string Name => Family == "returns" ? $"returns/{Machine} ({Uid})" : $"{Family}/{Uid}";

    /// <summary>Its family.</summary>
    /// <exception cref="StreamDamagedException">There is no such family.</exception>
    public StateFamily ToFamily() => Family switch
    {
        "returns" => StateFamily.Returns,
        "drills" => StateFamily.Drills,
        _ => throw new StreamDamagedException($"it is of '{Family}'; it must be of returns or drills"),
    };
}

/// <summary>A row of the audit of a return or a drill.</summary>
internal sealed record StateAuditLine(
    long Sequence, long Time, string Actor, string Source, string Action, string Target, string Result, string Details, byte[] PreviousHash, byte[] Hash) : StoreLine
{
    public AuditRecord ToRecord() => new(Sequence, new AuditEntry(new DateTimeOffset(Time, TimeSpan.Zero), Actor, Source, Action, Target, Result, Details), PreviousHash, Hash);
}

/// <summary>A row of <c>proofs</c>.</summary>
internal sealed record ProofLine(string Machine, long Passed, long Time, long? ValidUntil, string Proof) : StoreLine;
