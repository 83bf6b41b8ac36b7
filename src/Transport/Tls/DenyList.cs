using System.Collections.Frozen;
using System.Globalization;
using HostAgent.Texts;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tls;

/// <summary>
/// The peers that are refused although their certificates are good: <c>serial:HEX</c>, <c>spki:SHA256HEX</c> or
/// <c>uri:failback://role/name</c>, one a line, with comments after <c>#</c>.
/// </summary>
internal sealed class DenyList
{
    private const string Allowed = "serial:HEX, spki:SHA256HEX (64 hexadecimal digits) or uri:failback://ROLE/NAME, one a line, and comments after #";

    private readonly FrozenSet<string> _entries;

    private DenyList(IEnumerable<string> entries) => _entries = entries.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Denies no peer.</summary>
    public static DenyList Empty { get; } = new([]);

    public int Count => _entries.Count;

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Takes a line for each error; with one the list is not to be used.</param>
    public static DenyList Read(string path, List<string> errors)
    {
        string[] lines;
        try
        {
            lines = TextFile.Read(path).ReplaceLineEndings("\n").Split('\n');
        }
        catch (NotTextException exception)
        {
            errors.Add(exception.Message);
            return Empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add(exception is FileNotFoundException or DirectoryNotFoundException ? $"file '{path}' does not exist" : $"file '{path}' cannot be read: {exception.Message}");
            return Empty;
        }

        List<string> entries = [];
        for (var index = 0; index < lines.Length; index++)
        {
            var text = lines[index].Split('#', 2)[0].Trim();
            if (text.Length == 0)
            {
                continue;
            }

            if (Normalize(text) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"file '{path}', line {index + 1}: '{Short(text)}' is not an entry; allowed are {Allowed}"));
            }
        }

        return new DenyList(entries);
    }

    /// <summary>The entry that denies a peer; null when none does.</summary>
    public string? EntryAgainst(ProvenPeer peer) => _entries.Count == 0
        ? null
        : Candidates(peer).FirstOrDefault(_entries.Contains);

    private static IEnumerable<string> Candidates(ProvenPeer peer)
        => [$"serial:{Serial(peer.Identity.SerialNumber)}", Name(peer.Identity.Role, peer.Identity.Name), .. peer.PublicKeys.Select(key => $"spki:{key}")];

    // Tools write serials with colons, in either case, and with or without a leading zero.
    private static string? Normalize(string text)
    {
        var (kind, value) = text.Split(':', 2) is [var left, var right] ? (left.Trim().ToLowerInvariant(), right.Trim()) : ("", "");
        var digits = value.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        var isHexadecimal = digits.Length > 0 && digits.All(char.IsAsciiHexDigit);
        return kind switch
        {
            "serial" when isHexadecimal => $"serial:{Serial(digits)}",
            "spki" when isHexadecimal && digits.Length == 64 => $"spki:{digits}",
            "uri" when PeerIdentity.TryParse(value) is { } peer => Name(peer.Role, peer.Name),
            _ => null,
        };
    }

    private static string Serial(string digits) => digits.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";

    // Names are compared without case, wherever they are compared.
    private static string Name(PeerRole role, string name) => $"uri:{PeerIdentity.Format(role, name).ToLowerInvariant()}";

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}

/// <summary>Reloads a changed deny list. A list with an error changes nothing: using half of it could admit a denied peer.</summary>
internal sealed partial class DenyListRenewal(MutualTlsIdentity identity, ILogger log)
{
    private FileStamps _seen = new("");
    private string? _told;

    /// <summary>Looks at the file, and reads it when it has changed or when <paramref name="always"/>.</summary>
    public void Look(bool always)
    {
        if (identity.Loader?.Options.DeniedPath is not { } path)
        {
            return;
        }

        var stamps = FileStamps.Of(path);
        if (!always && stamps == _seen)
        {
            return;
        }

        List<string> errors = [];
        var list = DenyList.Read(path, errors);
        if (errors.Count > 0)
        {
            var error = string.Join("; ", errors);
            if (_told != error)
            {
                _told = error;
                LogKept(log, error);
            }

            return;
        }

        var isFirst = _seen.Text.Length == 0;
        (_seen, _told) = (stamps, null);
        identity.Denied = list;
        if (!isFirst)
        {
            LogTaken(log, path, list.Count);
        }
    }

    [LoggerMessage(4017, LogLevel.Information, "Using deny list '{Path}', {Entries} entries")]
    private static partial void LogTaken(ILogger logger, string path, int entries);

    [LoggerMessage(4018, LogLevel.Warning, "The changed deny list is not usable; keeping the previous one: {Error}")]
    private static partial void LogKept(ILogger logger, string error);
}
