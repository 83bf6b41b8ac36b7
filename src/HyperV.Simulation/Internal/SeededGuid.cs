using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.HyperV.Simulation.Internal;

/// <summary>UUIDs (version 8) that follow from a seed and a name, so that a simulation can be repeated.</summary>
internal static class SeededGuid
{
    public static Guid Create(int seed, params ReadOnlySpan<string> name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, seed);
        hash.AppendData(number);
        foreach (var part in name)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest[..16], bigEndian: true);
    }
}
