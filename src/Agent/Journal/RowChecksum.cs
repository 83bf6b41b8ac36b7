using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>
/// The checksum of a row: the first eight bytes of SHA-256 over its values with their types and lengths. It finds accidents, not forgers.
/// </summary>
internal static class RowChecksum
{
    /// <summary>The function's name in SQL.</summary>
    public const string Function = "row_checksum";

    /// <summary>Makes the function known to a connection.</summary>
    public static void Register(SqliteConnection connection)
        => connection.CreateFunction(Function, (Func<object?[], long>)Of, isDeterministic: true);

    /// <summary>The checksum of values as SQLite stores them.</summary>
    public static long Of(object?[] values)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        foreach (var value in values)
        {
            Write(buffer, value);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(ArrayBufferWriter<byte> buffer, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                Write(buffer, 0, []);
                break;
            case long number:
                Span<byte> bytes = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                Write(buffer, 1, bytes);
                break;
            case string text:
                Write(buffer, 2, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] blob:
                Write(buffer, 3, blob);
                break;
            default:
                // The journal stores no other type; a damaged row may show one.
                Write(buffer, 4, Encoding.UTF8.GetBytes(FormattableString.Invariant($"{value}")));
                break;
        }
    }

    private static void Write(ArrayBufferWriter<byte> buffer, byte type, ReadOnlySpan<byte> content)
    {
        var space = buffer.GetSpan(1 + sizeof(int));
        space[0] = type;
        BinaryPrimitives.WriteInt32LittleEndian(space[1..], content.Length);
        buffer.Advance(1 + sizeof(int));
        buffer.Write(content);
    }
}
