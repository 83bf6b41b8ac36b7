using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>
/// One file with everything that an auditor gets of a campaign: its report as a page, as JSON and as a table, its audit records, and a list of the parts with
/// their SHA-256. Whoever has it can check it without the coordinator.
/// </summary>
internal static class EvidencePack
{
    /// <summary>The audit records, as <c>audit export</c> writes them.</summary>
    public const string AuditPart = "audit.jsonl";

    /// <summary>The report whose seal must be in the audit records.</summary>
    public const string ReportPart = "report.json";

    private const string Format = "failback-evidence/v1";
    private const string Manifest = "manifest.json";

    // The report of a hundred thousand machines has a tenth of that.
    private const long LargestPart = 1L << 30;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a file is a zip file, by its first bytes.</summary>
    public static bool IsOne(Stream file)
    {
        Span<byte> first = stackalloc byte[4];
        var count = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return count == first.Length && first.SequenceEqual("PK\x03\x04"u8);
    }

    /// <summary>Writes the parts, and the list of them.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="campaign">The campaign's resource name.</param>
    /// <param name="parts">Each part, and what writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteAsync(Stream file, string campaign, IReadOnlyList<(string Name, Func<Stream, Task> Write)> parts, CancellationToken cancellationToken)
    {
        var hashes = new List<(string Name, string Hash)>();
        await using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, write) in parts)
        {
            using var hash = SHA256.Create();
            await using (var entry = await archive.CreateEntry(name).OpenAsync(cancellationToken))
            {
                await using var hashed = new CryptoStream(entry, hash, CryptoStreamMode.Write);
                await write(hashed);
            }

            hashes.Add((name, Convert.ToHexStringLower(hash.Hash!)));
        }

        await using var list = await archive.CreateEntry(Manifest).OpenAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(list, new { format = Format, campaign, parts = hashes.Select(part => new { name = part.Name, sha256 = part.Hash }) }, cancellationToken: cancellationToken);
    }

    /// <summary>Checks a pack: every part is as it was written, the audit records are a chain, and the report's seal is in it.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its content.</param>
    /// <param name="noted">A hash noted at an earlier export; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The file is no pack.</exception>
    public static async Task<AuditVerdict> VerifyAsync(string path, Stream file, string? noted, CancellationToken cancellationToken)
    {
        try
        {
            await using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var (campaign, parts) = await ReadManifestAsync(path, archive, cancellationToken);
            if (await BrokenPartAsync(archive, parts, cancellationToken) is { } broken)
            {
                return new AuditVerdict(campaign, 0, string.Empty, broken);
            }

            var (about, seal) = await ReadSealAsync(archive, cancellationToken);
            foreach (var wanted in (string?[])[noted, seal])
            {
                using var reader = TextFile.Open(await archive.GetEntry(AuditPart)!.OpenAsync(cancellationToken), $"{path}: {AuditPart}");
                var verdict = await AuditVerdict.OfAsync($"{path}: {AuditPart}", reader, wanted, cancellationToken);
                if (verdict.Broken is not null || wanted == seal)
                {
                    return verdict.Broken is null && (verdict.Campaign != campaign || about != campaign)
                        ? verdict with { Broken = $"the list is of {campaign}, the records are of {verdict.Campaign} and the report is of {about}" }
                        : verdict;
                }
            }

            throw new InvalidOperationException("The seal is the last that is looked for.");
        }
        catch (InvalidDataException exception)
        {
            throw new CommandException(ExitCode.Invalid, $"{path}: not a zip file that can be read: {exception.Message}");
        }
    }

    private static async Task<(string Campaign, IReadOnlyDictionary<string, string> Parts)> ReadManifestAsync(string path, ZipArchive archive, CancellationToken cancellationToken)
    {
        try
        {
            if (archive.GetEntry(Manifest) is { } entry)
            {
                using var list = JsonDocument.Parse(await ReadAsync(entry, cancellationToken), Strict);
                if (list.RootElement.GetProperty("format").GetString() == Format)
                {
                    return (list.RootElement.GetProperty("campaign").GetString()!, list.RootElement.GetProperty("parts").EnumerateArray().ToDictionary(
                        part => part.GetProperty("name").GetString()!, part => part.GetProperty("sha256").GetString()!, StringComparer.Ordinal));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new CommandException(ExitCode.Invalid, $"{path}: {Manifest} cannot be read: {exception.Message}");
        }

        throw new CommandException(ExitCode.Invalid, $"{path}: not an evidence pack; it must have {Manifest} of the format {Format}, as \"failback audit evidence\" writes it.");
    }

    private static async Task<string?> BrokenPartAsync(ZipArchive archive, IReadOnlyDictionary<string, string> parts, CancellationToken cancellationToken)
    {
        foreach (var needed in (string[])[AuditPart, ReportPart])
        {
            if (!parts.ContainsKey(needed))
            {
                return $"its list does not have {needed}";
            }
        }

        if (archive.Entries.GroupBy(entry => entry.FullName, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1 || (same.Key != Manifest && !parts.ContainsKey(same.Key))) is { } strange)
        {
            return $"{strange.Key} is in it {(strange.Count() > 1 ? "twice" : "and not in its list")}";
        }

        foreach (var (name, expected) in parts)
        {
            if (archive.GetEntry(name) is not { } entry)
            {
                return $"{name} is missing";
            }

            await using var content = await entry.OpenAsync(cancellationToken);
            if (!string.Equals(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)), expected, StringComparison.OrdinalIgnoreCase))
            {
                return $"{name} was changed: its SHA-256 is not that of the list";
            }
        }

        return null;
    }

    private static async Task<(string Campaign, string Head)> ReadSealAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        try
        {
            using var report = JsonDocument.Parse(await ReadAsync(archive.GetEntry(ReportPart)!, cancellationToken), Strict);
            return (report.RootElement.GetProperty("name").GetString()!, report.RootElement.GetProperty("audit").GetProperty("head_hash").GetString()!);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.Invalid, $"{ReportPart} is no report: {exception.Message}");
        }
    }

    // What a zip file says of the length of a part is no promise.
    private static async Task<byte[]> ReadAsync(ZipArchiveEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Length > LargestPart)
        {
            throw new InvalidDataException($"{entry.FullName} has {entry.Length} bytes; at most {LargestPart} are read");
        }

        var bytes = new byte[entry.Length + 1];
        await using var content = await entry.OpenAsync(cancellationToken);
        var count = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return count == entry.Length ? bytes[..count] : throw new InvalidDataException($"{entry.FullName} is not as long as it says");
    }
}
