using System.Text.Encodings.Web;
using System.Text.Json;

namespace HostAgent.Audit;

/// <summary>An act that is about to be recorded.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: the subject of a certificate, or "coordinator".</param>
/// <param name="Source">From where: the caller's address; empty for the coordinator's own acts.</param>
/// <param name="Action">What: the method or event.</param>
/// <param name="Target">On what: a resource name.</param>
/// <param name="Result">OK, or the status code and reason of the refusal.</param>
/// <param name="Details">The facts of the act as JSON.</param>
public sealed record AuditEntry(
    DateTimeOffset Time,
    string Actor,
    string Source,
    string Action,
    string Target,
    string Result,
    string Details)
{
    // People read the details; a page that shows them escapes them itself.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An act of the coordinator's own, which succeeded.</summary>
    /// <param name="time">When.</param>
    /// <param name="actor">Who: the coordinator, or for whom it acts.</param>
    /// <param name="action">What.</param>
    /// <param name="target">On what: a resource name.</param>
    /// <param name="details">The facts, written as JSON with their names as they are.</param>
    /// <returns>The entry.</returns>
    public static AuditEntry OfCoordinator(DateTimeOffset time, string actor, string action, string target, object details)
        => new(time, actor, string.Empty, action, target, "OK", JsonSerializer.Serialize(details, Readable));
}

/// <summary>An act in the audit chain.</summary>
/// <param name="Sequence">Its position in the campaign's chain, from 1 without gaps.</param>
/// <param name="Entry">The act.</param>
/// <param name="PreviousHash">The hash of the record before it; empty for the first.</param>
/// <param name="Hash">The hash of this record, as <see cref="AuditChain"/> makes it.</param>
public sealed record AuditRecord(long Sequence, AuditEntry Entry, ReadOnlyMemory<byte> PreviousHash, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The version of the campaign's events when the record was written.</summary>
    public long StreamVersion { get; init; }

    /// <summary>The hash of the event of that version; empty in records written by an earlier version of the product.</summary>
    public ReadOnlyMemory<byte> StreamHash { get; init; }
}
