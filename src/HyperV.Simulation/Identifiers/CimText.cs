using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace HostAgent.HyperV.Simulation.Identifiers;

/// <summary>Value formats inside Hyper-V's keys.</summary>
internal static class CimText
{
    /// <summary>Identifiers are in upper case, without braces.</summary>
    public static string Guid(Guid id) => id.ToString("D").ToUpperInvariant();
}

/// <summary>UUIDs (version 8) derived from a seed and a name, so that a simulation is repeatable.</summary>
internal static class SeededGuid
{
    private const int LongestOnStack = 512;

    public static Guid Create(int seed, params ReadOnlySpan<string> name)
    {
        // The number, then each part and a zero.
        var length = sizeof(int);
        foreach (var part in name)
        {
            length += Encoding.UTF8.GetByteCount(part) + 1;
        }

        var content = length <= LongestOnStack ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(content, seed);
        var end = sizeof(int);
        foreach (var part in name)
        {
            end += Encoding.UTF8.GetBytes(part, content[end..]);
            content[end++] = 0;
        }

        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(content, digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest[..16], bigEndian: true);
    }
}

/// <summary>Thumbprints of certificates that a simulated host refers to.</summary>
internal static class SeededThumbprint
{
    /// <summary>Forty hexadecimal digits derived from seed and name.</summary>
    public static string Create(int seed, string name)
        => (SeededGuid.Create(seed, "certificate", name).ToString("N") + SeededGuid.Create(seed, "thumbprint", name).ToString("N"))[..40].ToUpperInvariant();
}

/// <summary>Paths of the simulated host: Windows paths, wherever the simulation runs.</summary>
internal static partial class WindowsPath
{
    public const int MaxLength = 260;

    /// <summary>Whether a text is an absolute Windows path.</summary>
    public static bool IsWhole(string? path) => path is { Length: <= MaxLength } && Whole().IsMatch(path);

    [GeneratedRegex("""^(?:[A-Za-z]:\\|\\\\[^\\/:*?"<>|]+\\[^\\/:*?"<>|]+)[^/:*?"<>|]*\z""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();
}
