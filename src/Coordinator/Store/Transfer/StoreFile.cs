using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using HostAgent.Texts;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>A file is no export of a store, or not a whole one. The message names the file.</summary>
internal sealed class StoreFileException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The file of an export: a line of JSON that names the format, a line for each row, and a closing line with the number of rows and the SHA-256 of everything before it.
/// A file without its closing line was cut off.
/// </summary>
internal static class StoreFile
{
    private const string Format = "failback-store/v2";

    // The former one, whose files have campaigns only. It is read; a former version refuses the newer.
    private const string CampaignsOnly = "failback-store/v1";

    /// <summary>Writes a file, for its owner alone. Nothing is left of it when it cannot be completed.</summary>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="lines">The rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreFileException">The file exists.</exception>
    /// <exception cref="OutputFileException">It cannot be written.</exception>
    public static async Task WriteAsync(string path, IAsyncEnumerable<StoreLine> lines, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            throw new StoreFileException($"{path}: the file exists; name a new one.");
        }

        await OutputFile.WriteAsync(path, "the export", async file =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            async Task WriteLineAsync(string line)
            {
                var bytes = TextFile.Utf8.GetBytes(line + "\n");
                hash.AppendData(bytes);
                await file.WriteAsync(bytes, cancellationToken);
            }

            await WriteLineAsync(JsonSerializer.Serialize(new { format = Format }));
            var rows = 0L;
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                await WriteLineAsync(line.Write());
                rows++;
            }

            await WriteLineAsync(JsonSerializer.Serialize(new { rows, sha256 = Convert.ToHexStringLower(hash.GetCurrentHash()) }));
        }, cancellationToken);
    }

    /// <summary>Reads a file. That it is whole is known only after its last row.</summary>
    /// <exception cref="StoreFileException">It is no export, was cut off or was changed.</exception>
    public static async IAsyncEnumerable<StoreLine> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var first = await reader.ReadLineAsync(cancellationToken);
        var isFormer = first == JsonSerializer.Serialize(new { format = CampaignsOnly });
        if (!isFormer && first != JsonSerializer.Serialize(new { format = Format }))
        {
            throw new StoreFileException($"{path}: not an export of a store that this version can read; the first line must be {JsonSerializer.Serialize(new { format = Format })}.");
        }

        hash.AppendData(TextFile.Utf8.GetBytes(first + "\n"));
        for (var rows = 0L; ; rows++)
        {
            var line = await reader.ReadLineAsync(cancellationToken)
                ?? throw new StoreFileException(string.Create(CultureInfo.InvariantCulture, $"{path}: the file ends after {rows} rows without its closing line: it was cut off."));
            if (line.StartsWith("{\"rows\":", StringComparison.Ordinal))
            {
                if (line != JsonSerializer.Serialize(new { rows, sha256 = Convert.ToHexStringLower(hash.GetCurrentHash()) }))
                {
                    throw new StoreFileException(string.Create(CultureInfo.InvariantCulture, $"{path}: the closing line does not fit the {rows} rows before it: the file was changed or cut."));
                }

                if (await reader.ReadLineAsync(cancellationToken) is not null)
                {
                    throw new StoreFileException($"{path}: there is something after the closing line.");
                }

                yield break;
            }

            hash.AppendData(TextFile.Utf8.GetBytes(line + "\n"));
            StoreLine row;
            try
            {
                row = StoreLine.Read(line);
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException)
            {
                throw new StoreFileException(string.Create(CultureInfo.InvariantCulture, $"{path}:{rows + 2}: not a row of a store: {exception.Message}"), exception);
            }

            if (isFormer && row is (StateLine or StateAuditLine or ProofLine))
            {
                throw new StoreFileException(string.Create(CultureInfo.InvariantCulture, $"{path}:{rows + 2}: a file of {CampaignsOnly} has campaigns only."));
            }

            yield return row;
        }
    }

    private static TextReader Open(string path)
    {
        try
        {
            return TextFile.Open(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreFileException($"{path}: the export cannot be read: {exception.Message}", exception);
        }
    }
}
