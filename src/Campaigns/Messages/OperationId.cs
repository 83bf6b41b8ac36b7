using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Campaigns.Messages;

/// <summary>The UUID under which an agent knows one attempt at one item: the UUID version 5 (RFC 9562) of campaign, item, step and attempt.</summary>
public static class OperationId
{
    /// <summary>Returns the UUID. Deterministic: the same arguments give the same UUID everywhere.</summary>
    /// <param name="campaign">The campaign's UUID, the namespace.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="step">The index of the step, from 0. The first step's UUIDs equal those of versions without steps.</param>
    /// <returns>The UUID.</returns>
    public static Guid Of(Guid campaign, string item, int attempt, int step = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(item);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var name = string.Create(CultureInfo.InvariantCulture, $"{item}/{(step == 0 ? string.Empty : $"{step}/")}{attempt}");
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        campaign.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));

        // UUID version 5 requires SHA-1; nothing here depends on its strength.
#pragma warning disable CA5350
        var hash = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>A pseudo-random number from 0 (inclusive) to 1 (exclusive), fixed for an operation: for jitter.</summary>
    internal static double Fraction(Guid operation)
    {
        Span<byte> bytes = stackalloc byte[16];
        operation.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) / (double)(1L << 32);
    }
}
