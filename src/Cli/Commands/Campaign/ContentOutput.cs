using System.Text;
using Google.Protobuf;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>Writes a text that the coordinator sends in pieces, to a file or to standard output.</summary>
internal static class ContentOutput
{
    private const string StandardOutput = "-";

    /// <summary>Writes it whole. A file is replaced only when all of it has arrived.</summary>
    /// <param name="environment">Where standard output is.</param>
    /// <param name="content">The pieces, UTF-8.</param>
    /// <param name="path">The file; null or - for standard output.</param>
    /// <param name="what">What it is, for example the report.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task WriteAsync(CommandEnvironment environment, IAsyncEnumerable<ByteString> content, string? path, string what, CancellationToken cancellationToken)
    {
        if (path is null or StandardOutput)
        {
            await PrintAsync(environment, content, cancellationToken);
            return;
        }

        await OutputFile.WriteAsync(path, what, async file =>
        {
            await foreach (var piece in content.WithCancellation(cancellationToken))
            {
                await file.WriteAsync(piece.Memory, cancellationToken);
            }
        }, cancellationToken);
        environment.Error.WriteLine($"{char.ToUpperInvariant(what[0])}{what[1..]} is in {path}.");
    }

    /// <summary>Prints it as text. A character may begin in one piece and end in the next.</summary>
    private static async Task PrintAsync(CommandEnvironment environment, IAsyncEnumerable<ByteString> content, CancellationToken cancellationToken)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = Array.Empty<char>();
        await foreach (var piece in content.WithCancellation(cancellationToken))
        {
            if (characters.Length < Encoding.UTF8.GetMaxCharCount(piece.Length))
            {
                characters = new char[Encoding.UTF8.GetMaxCharCount(piece.Length)];
            }

            var count = decoder.GetChars(piece.Span, characters, flush: false);
            await environment.Output.WriteAsync(new string(characters, 0, count));
        }
    }
}
