using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace HostAgent.Audit;

/// <summary>Converts between an audit record and its message.</summary>
public static class AuditMapper
{
    /// <summary>The message of a record.</summary>
    /// <param name="record">The record.</param>
    public static Contracts.Campaigns.V1.AuditRecord ToMessage(AuditRecord record) => new()
    {
        Sequence = record.Sequence,
        Time = record.Entry.Time.ToTimestamp(),
        Actor = record.Entry.Actor,
        Source = record.Entry.Source,
        Action = record.Entry.Action,
        Target = record.Entry.Target,
        Result = record.Entry.Result,
        Details = record.Entry.Details,
        PreviousHash = ByteString.CopyFrom(record.PreviousHash.Span),
        Hash = ByteString.CopyFrom(record.Hash.Span),
        StreamVersion = record.StreamVersion,
        StreamHash = ByteString.CopyFrom(record.StreamHash.Span),
    };

    /// <summary>The record of a message; a message without a time gets 1970-01-01.</summary>
    /// <param name="message">The message.</param>
    public static AuditRecord FromMessage(Contracts.Campaigns.V1.AuditRecord message) => new(
        message.Sequence,
        new AuditEntry(
            (message.Time ?? new Timestamp()).ToDateTimeOffset(),
            message.Actor,
            message.Source,
            message.Action,
            message.Target,
            message.Result,
            message.Details),
        message.PreviousHash.Memory,
        message.Hash.Memory)
    {
        StreamVersion = message.StreamVersion,
        StreamHash = message.StreamHash.Memory,
    };
}
