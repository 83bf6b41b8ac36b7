namespace HostAgent.Coordinator.Store;

/// <summary>An act in the audit chain.</summary>
/// <param name="Sequence">Its position in the campaign's chain, from 1 without gaps.</param>
/// <param name="Entry">The act.</param>
/// <param name="PreviousHash">The hash of the former record; empty for the first.</param>
/// <param name="Hash">The hash of this record, as <see cref="AuditChain"/> makes it.</param>
internal sealed record AuditRecord(long Sequence, AuditEntry Entry, ReadOnlyMemory<byte> PreviousHash, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The version of the campaign's events when the record was written.</summary>
    public long StreamVersion { get; init; }

    /// <summary>The hash of the event of that version; empty in records of a former version of the product.</summary>
    public ReadOnlyMemory<byte> StreamHash { get; init; }
}
