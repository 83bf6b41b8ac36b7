using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Coordinator.Store;

/// <summary>What is stored of a campaign does not fit together: it was changed, cut or damaged without the coordinator.</summary>
/// <param name="finding">What was found, in one sentence without a full stop.</param>
internal sealed class StreamDamagedException(string finding) : Exception($"What is stored of the campaign cannot be believed: {finding}.");

/// <summary>The ends of a campaign's chains, as they stand in different places of the store.</summary>
/// <param name="Version">The version in the campaign's row.</param>
/// <param name="EventHash">The hash of the newest event, in the campaign's row.</param>
/// <param name="AuditSequence">The sequence of the newest audit record, in the campaign's row.</param>
/// <param name="AuditHash">Its hash, in the campaign's row.</param>
/// <param name="LastAudit">The newest audit record that is there; null when there is none.</param>
/// <param name="EventHashAtLastAudit">The hash of the event that the newest audit record names; null when that event is not there.</param>
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
    /// <summary>Compares the end of the audit with what its anchor says.</summary>
    /// <returns>What is wrong, in one sentence without a full stop; null when they agree.</returns>
    public string? CheckAudit()
        => LastAudit is null ? "it has no audit record, though its creation was one"
        : LastAudit.Sequence != AuditSequence || !LastAudit.Hash.Span.SequenceEqual(AuditHash.Span)
            ? FormattableString.Invariant($"its audit ends with record {LastAudit.Sequence}, and must end with record {AuditSequence} and its hash")
        : LastAudit.StreamHash.Length > 0 && !(EventHashAtLastAudit is { } known && known.Span.SequenceEqual(LastAudit.StreamHash.Span))
            ? FormattableString.Invariant($"the events up to version {LastAudit.StreamVersion} are not those that audit record {LastAudit.Sequence} was written with")
        : null;
}

/// <summary>
/// The chain of a campaign's events. The hash of an event is the SHA-256 over the former event's hash, its version (8 bytes), its time in
/// 100 ns since the year 1 (8 bytes), and its type and its JSON, each as its length in bytes (4 bytes) and its UTF-8 text. Numbers are big-endian.
/// </summary>
internal static class EventChain
{
    /// <summary>The hash of an event that follows another one.</summary>
    public static byte[] Next(ReadOnlySpan<byte> former, long version, DateTimeOffset time, string type, string data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        hash.AppendData(former);
        BinaryPrimitives.WriteInt64BigEndian(number, version);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, time.UtcTicks);
        hash.AppendData(number);
        foreach (var text in (ReadOnlySpan<string>)[type, data])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            hash.AppendData(number[..sizeof(int)]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}

/// <summary>Follows a campaign's events and finds the first that does not follow from the former one.</summary>
/// <param name="version">The version to begin after.</param>
/// <param name="hash">The hash of the event of that version; empty at the beginning.</param>
internal sealed class EventChainReader(long version, ReadOnlyMemory<byte> hash)
{
    private byte[] _hash = hash.ToArray();

    /// <summary>The version of the last event that followed.</summary>
    public long Version { get; private set; } = version;

    /// <summary>Takes the next event.</summary>
    /// <exception cref="StreamDamagedException">It does not follow.</exception>
    public void Take(StoredEvent stored)
    {
        if (stored.Version != Version + 1)
        {
            throw new StreamDamagedException(FormattableString.Invariant($"event {stored.Version} stands where event {Version + 1} must be"));
        }

        var expected = EventChain.Next(_hash, stored.Version, stored.Time, stored.Type, stored.Data);
        if (!expected.AsSpan().SequenceEqual(stored.Hash.Span))
        {
            throw new StreamDamagedException(FormattableString.Invariant($"event {stored.Version} ('{stored.Type}') is not what was stored, or does not follow the one before it"));
        }

        (Version, _hash) = (stored.Version, expected);
    }

    /// <summary>Compares the end with what the campaign's row says.</summary>
    /// <exception cref="StreamDamagedException">Events are missing at the end, or were added.</exception>
    public void End(StreamSeal seal)
    {
        if (Version != seal.Version || !seal.EventHash.Span.SequenceEqual(_hash))
        {
            throw new StreamDamagedException(FormattableString.Invariant($"its events end at version {Version}, and must end at version {seal.Version} with the hash that its row has"));
        }
    }
}
