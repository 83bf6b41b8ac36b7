using AuditVerifier = HostAgent.Audit.AuditVerifier;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>What came of checking an export.</summary>
/// <param name="Campaign">The campaign of the records.</param>
/// <param name="Records">How many records are intact, from the first on.</param>
/// <param name="Head">The hash of the last of them.</param>
/// <param name="Broken">What is wrong after them, one sentence without its full stop; null when the export is intact.</param>
internal sealed record AuditVerdict(string Campaign, long Records, string Head, string? Broken)
{
    /// <summary>Checks an export from its first line to its last.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="reader">Its text.</param>
    /// <param name="noted">A hash noted at an earlier export; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The file is not an export.</exception>
    public static async Task<AuditVerdict> OfAsync(string path, TextReader reader, string? noted, CancellationToken cancellationToken)
    {
        var campaign = AuditFile.ReadOpening(path, await reader.ReadLineAsync(cancellationToken));
        var verifier = new AuditVerifier(campaign);
        var isNotedThere = noted is null;
        AuditVerdict Verdict(string? broken) => new(campaign, verifier.Records, verifier.Head, broken);

        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (AuditFile.ReadClosing(line) is (var records, var head))
            {
                return Verdict(
                    records != verifier.Records || head != verifier.Head ? $"the closing line counts {records} records with the head {head}: records before it were cut off"
                    : await HasMoreAsync(reader, cancellationToken) ? "there is something after the closing line"
                    : !isNotedThere ? $"no record has the hash {noted}: the noted record was cut off, or the whole file was rewritten"
                    : null);
            }

            var broken = AuditFile.ReadRecord(line) is { } record ? verifier.Take(record) : $"the line after record {verifier.Records} is not a record as an export writes it";
            if (broken is not null)
            {
                return Verdict(broken);
            }

            isNotedThere |= string.Equals(noted, verifier.Head, StringComparison.OrdinalIgnoreCase);
        }

        return Verdict($"the file ends after record {verifier.Records} without its closing line: it was cut off");
    }

    // Editors and mail programs add empty lines at the end.
    private static async Task<bool> HasMoreAsync(TextReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                return true;
            }
        }

        return false;
    }
}
