using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Tests.Shared;

/// <summary>Audit chains, hashed by the words of the contract and not by the product's code.</summary>
internal static class Chain
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A chain of so many records about a campaign; a longer one begins like a shorter one.</summary>
    public static List<AuditRecord> Of(string campaign, int records)
    {
        var chain = new List<AuditRecord>();
        for (var number = 1; number <= records; number++)
        {
            var record = new AuditRecord
            {
                Sequence = number,
                Time = Timestamp.FromDateTimeOffset(Noon.AddSeconds(number).AddTicks(number)),
                Actor = "CN=Ana",
                Source = "ipv4:127.0.0.1:50000",
                Action = $"act-{number}",
                Target = number % 2 == 0 ? $"{campaign}/items/i-{number}" : campaign,
                Result = "OK",
                Details = """{ "reason": "Zürich <1>" }""",
                PreviousHash = number == 1 ? ByteString.Empty : chain[^1].Hash,
            };
            record.Hash = Hash(record);
            chain.Add(record);
        }

        return chain;
    }

    /// <summary>The hash that a record must have.</summary>
    public static ByteString Hash(AuditRecord record)
    {
        using var bytes = new MemoryStream();
        Number(bytes, record.Sequence, 8);
        Number(bytes, record.Time.Seconds, 8);
        Number(bytes, record.Time.Nanos, 4);
        foreach (var text in (string[])[record.Actor, record.Source, record.Action, record.Target, record.Result, record.Details])
        {
            Bytes(bytes, Encoding.UTF8.GetBytes(text));
        }

        Bytes(bytes, record.PreviousHash.ToByteArray());
        if (record.StreamHash.Length > 0)
        {
            Number(bytes, record.StreamVersion, 8);
            Bytes(bytes, record.StreamHash.ToByteArray());
        }

        return ByteString.CopyFrom(SHA256.HashData(bytes.ToArray()));
    }

    private static void Bytes(MemoryStream stream, byte[] bytes)
    {
        Number(stream, bytes.Length, 4);
        stream.Write(bytes);
    }

    private static void Number(MemoryStream stream, long value, int length)
    {
        var buffer = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(buffer, value);
        stream.Write(buffer, 8 - length, length);
    }
}
