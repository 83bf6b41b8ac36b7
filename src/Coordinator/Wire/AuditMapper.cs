using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Wire;

/// <summary>Shows an audit record as the service <c>Campaigns</c> does, and reads one that it has shown.</summary>
internal static class AuditMapper
{
    /// <summary>The message of a record.</summary>
    public static Contracts.Campaigns.V1.AuditRecord ToMessage(Store.AuditRecord record) => new()
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

    /// <summary>The record of a message; without a time, that of 1970.</summary>
    public static Store.AuditRecord FromMessage(Contracts.Campaigns.V1.AuditRecord message) => new(
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
