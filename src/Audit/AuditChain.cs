using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Audit;

/// <summary>
/// The arithmetic of the audit chain. The hash of a record is the SHA-256 over, in this order: its sequence (8 bytes), the seconds
/// of its time since 1970 (8 bytes) and the nanoseconds within the second (4 bytes); actor, source, action, target, result and
/// details, each as its length in bytes (4 bytes) and its UTF-8 text; the previous hash as its length (4 bytes) and its bytes; and, where
/// there is a hash of the events, their version (8 bytes) and that hash as its length (4 bytes) and its bytes.
/// Numbers are big-endian. Each text has its length before it, so no two records have the same encoding.
/// </summary>
public static class AuditChain
{
    /// <summary>Makes the next record of a chain.</summary>
    /// <param name="sequence">Its position, from 1.</param>
    /// <param name="entry">The act.</param>
    /// <param name="previousHash">The hash of the record before it; empty for the first.</param>
    /// <param name="streamVersion">The version of the campaign's events.</param>
    /// <param name="streamHash">The hash of the event of that version; empty to leave both out of the record's hash.</param>
    public static AuditRecord Next(long sequence, AuditEntry entry, ReadOnlyMemory<byte> previousHash, long streamVersion, ReadOnlyMemory<byte> streamHash)
        => new(sequence, entry, previousHash, Hash(sequence, entry, previousHash.Span, streamVersion, streamHash.Span)) { StreamVersion = streamVersion, StreamHash = streamHash };

    /// <summary>Whether a record follows another and is unchanged since it was written.</summary>
    /// <param name="record">The record.</param>
    /// <param name="previous">The record before it; null when it should be the first.</param>
    public static bool Follows(AuditRecord record, AuditRecord? previous)
        => record.Sequence == (previous?.Sequence ?? 0) + 1
        && record.PreviousHash.Span.SequenceEqual(previous is null ? [] : previous.Hash.Span)
        && IsItself(record);

    /// <summary>Whether the hash of a record matches its content.</summary>
    /// <param name="record">The record.</param>
    public static bool IsItself(AuditRecord record)
        => record.Hash.Span.SequenceEqual(Hash(record.Sequence, record.Entry, record.PreviousHash.Span, record.StreamVersion, record.StreamHash.Span));

    private static byte[] Hash(long sequence, AuditEntry entry, ReadOnlySpan<byte> previousHash, long streamVersion, ReadOnlySpan<byte> streamHash)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var ticks = entry.Time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        BinaryPrimitives.WriteInt64BigEndian(Take(buffer, sizeof(long)), sequence);
        BinaryPrimitives.WriteInt64BigEndian(Take(buffer, sizeof(long)), seconds);
        BinaryPrimitives.WriteInt32BigEndian(Take(buffer, sizeof(int)), (int)(rest * TimeSpan.NanosecondsPerTick));
        foreach (var text in (ReadOnlySpan<string>)[entry.Actor, entry.Source, entry.Action, entry.Target, entry.Result, entry.Details])
        {
            BinaryPrimitives.WriteInt32BigEndian(Take(buffer, sizeof(int)), Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, buffer);
        }

        BinaryPrimitives.WriteInt32BigEndian(Take(buffer, sizeof(int)), previousHash.Length);
        buffer.Write(previousHash);
        if (streamHash.Length > 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(Take(buffer, sizeof(long)), streamVersion);
            BinaryPrimitives.WriteInt32BigEndian(Take(buffer, sizeof(int)), streamHash.Length);
            buffer.Write(streamHash);
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static Span<byte> Take(ArrayBufferWriter<byte> buffer, int length)
    {
        var span = buffer.GetSpan(length)[..length];
        buffer.Advance(length);
        return span;
    }
}
