using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Coordinator.Store;

/// <summary>The stored data of a campaign is inconsistent: it was changed, cut or damaged outside the coordinator.</summary>
/// <param name="finding">The finding, in one sentence without a full stop.</param>
internal sealed class StreamDamagedException(string finding) : Exception($"The campaign's stored data is damaged: {finding}.")
{
    /// <summary>The finding, in one sentence without a full stop.</summary>
    public string Finding { get; } = finding;
}

/// <summary>The ends of a campaign's chains, as stored in different places.</summary>
/// <param name="Version">The version in the campaign's row.</param>
/// <param name="EventHash">The hash of the newest event, in the campaign's row.</param>
/// <param name="AuditSequence">The sequence of the newest audit record, in the campaign's row.</param>
/// <param name="AuditHash">Its hash, in the campaign's row.</param>
/// <param name="LastAudit">The newest audit record; null when there is none.</param>
/// <param name="EventHashAtLastAudit">The hash of the event that the newest audit record names; null when that event is missing.</param>
/// <param name="HasStartCommand">Whether the audit has a command that started the campaign.</param>
internal sealed record StreamSeal(
    long Version,
    ReadOnlyMemory<byte> EventHash,
    long AuditSequence,
    ReadOnlyMemory<byte> AuditHash,
    AuditRecord? LastAudit,
    ReadOnlyMemory<byte>? EventHashAtLastAudit,
    bool HasStartCommand)
{
    /// <summary>Checks the end of the audit against its anchor.</summary>
    /// <returns>What is wrong, in one sentence without a full stop; null when they agree.</returns>
    public string? CheckAudit()
        => LastAudit is null ? "it has no audit record, not even of its creation"
        : LastAudit.Sequence != AuditSequence || !LastAudit.Hash.Span.SequenceEqual(AuditHash.Span)
            ? FormattableString.Invariant($"its audit ends with record {LastAudit.Sequence}, but its row expects record {AuditSequence} with the row's hash")
        : LastAudit.StreamHash.Length > 0 && !(EventHashAtLastAudit is { } known && known.Span.SequenceEqual(LastAudit.StreamHash.Span))
            ? FormattableString.Invariant($"the events up to version {LastAudit.StreamVersion} are not those that audit record {LastAudit.Sequence} was written with")
        : null;
}

/// <summary>
/// The hash chain of a campaign's events. An event's hash is the SHA-256 over the previous event's hash, its version (8 bytes), its time in
/// 100 ns since the year 1 (8 bytes), and its type and its JSON, each as its length in bytes (4 bytes) and its UTF-8 text. Numbers are big-endian.
/// </summary>
internal static class EventChain
{
    /// <summary>The hash of an event that follows another one.</summary>
    public static byte[] Next(ReadOnlySpan<byte> previous, long version, DateTimeOffset time, string type, EventText data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        hash.AppendData(previous);
        BinaryPrimitives.WriteInt64BigEndian(number, version);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, time.UtcTicks);
        hash.AppendData(number);
        Append(hash, type);
        if (data.IsLent)
        {
            Append(hash, data.Utf8.Span);
        }
        else
        {
            Append(hash, data.ToString());
        }

        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string text)
    {
        // A plan is one event of megabytes, and every event is hashed when it is written and when it is read.
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        Append(hash, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        hash.AppendData(length);
        hash.AppendData(text);
    }
}

/// <summary>Follows a campaign's events and finds the first that does not follow from the previous one.</summary>
/// <param name="version">The version to start after.</param>
/// <param name="hash">The hash of the event at that version; empty at the start.</param>
internal sealed class EventChainReader(long version, ReadOnlyMemory<byte> hash)
{
    private byte[] _hash = hash.ToArray();

    /// <summary>The version of the last event that followed.</summary>
    public long Version { get; private set; } = version;

    /// <summary>Adds the next event.</summary>
    /// <exception cref="StreamDamagedException">It does not continue the chain.</exception>
    public void Take(StoredEvent stored)
    {
        if (stored.Version != Version + 1)
        {
            throw new StreamDamagedException(FormattableString.Invariant($"found event {stored.Version} in place of event {Version + 1}"));
        }

        var expected = EventChain.Next(_hash, stored.Version, stored.Time, stored.Type, stored.Data);
        if (!expected.AsSpan().SequenceEqual(stored.Hash.Span))
        {
            throw new StreamDamagedException(FormattableString.Invariant($"event {stored.Version} ('{stored.Type}') was changed, or does not follow the previous event"));
        }

        (Version, _hash) = (stored.Version, expected);
    }

    /// <summary>Checks the end against the campaign's row.</summary>
    /// <exception cref="StreamDamagedException">Events are missing at the end, or were added.</exception>
    public void End(StreamSeal seal)
    {
        if (Version != seal.Version || !seal.EventHash.Span.SequenceEqual(_hash))
        {
            throw new StreamDamagedException(FormattableString.Invariant($"its events end at version {Version}, but its row expects version {seal.Version} with the row's hash"));
        }
    }
}
