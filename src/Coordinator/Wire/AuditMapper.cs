using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace HostAgent.Coordinator.Wire;

/// <summary>Shows an audit record as the service <c>Campaigns</c> does.</summary>
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
    };
}
