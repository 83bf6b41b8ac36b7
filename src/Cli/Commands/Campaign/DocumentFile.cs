using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>A campaign's document on its way to the coordinator, and its errors on their way back.</summary>
internal static class DocumentFile
{
    private const string StandardInput = "-";
    private const int LongestDocument = 1024 * 1024;
    private const int LongestSource = 255;
    private const int MostRefused = 20;

    /// <summary>Reads a file, or standard input for "-".</summary>
    /// <exception cref="CommandException">It cannot be read, or is larger than 1 MiB.</exception>
    /// <exception cref="NotTextException">It has bytes that are not text.</exception>
    public static async Task<CampaignDocument> ReadAsync(CommandEnvironment environment, string path, CancellationToken cancellationToken)
    {
        var source = path == StandardInput ? "standard input" : path;
        try
        {
            using var reader = path == StandardInput ? TextFile.Open(environment.Input(), source) : TextFile.Open(path);
            var text = await ReadAtMostAsync(reader, LongestDocument, cancellationToken)
                ?? throw new CommandException(ExitCode.Invalid, $"{source}: a campaign document may have at most {LongestDocument} characters.");
            return new CampaignDocument { Text = text, Source = source.Length <= LongestSource ? source : Path.GetFileName(source) };
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(ExitCode.Invalid, $"{source}: there is no such file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Invalid, $"{source}: the file cannot be read: {exception.Message}");
        }
    }

    /// <summary>One line for each error: file, line and column, the path in the document, and what is wrong.</summary>
    public static IReadOnlyList<string> Lines(CampaignDocument document, IEnumerable<DocumentError> errors)
        => [.. errors.Select(error => Line(document.Source, error))];

    /// <summary>
    /// Calls a method that takes a document. The details of a refusal are bounded, so when the document is refused all of its
    /// errors are asked for again, with their places.
    /// </summary>
    public static Task<TResponse> CallAsync<TResponse>(
        CoordinatorConnection coordinator, CampaignDocument document, Func<AsyncUnaryCall<TResponse>> call, CancellationToken cancellationToken)
        => CallAsync(coordinator, document, async () => await call(), cancellationToken);

    /// <inheritdoc cref="CallAsync{TResponse}(CoordinatorConnection, CampaignDocument, Func{AsyncUnaryCall{TResponse}}, CancellationToken)"/>
    public static async Task<TResponse> CallAsync<TResponse>(
        CoordinatorConnection coordinator, CampaignDocument document, Func<Task<TResponse>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (RpcException exception) when (RpcFailure.From(exception).Reason == "INVALID_DOCUMENT")
        {
            var answer = await coordinator.Campaigns.ValidateCampaignAsync(
                new ValidateCampaignRequest { Document = document }, coordinator.Deadline(cancellationToken));
            if (answer.Errors.Count == 0)
            {
                throw;
            }

            throw new CommandException(ExitCode.Invalid, Lines(document, answer.Errors));
        }
        catch (RpcException exception) when (RpcFailure.From(exception).Reason == "PLAN_WARNINGS")
        {
            var plan = await coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest { Document = document }, coordinator.Deadline(cancellationToken));
            throw new CommandException(ExitCode.Failed, RefusedPlan(plan));
        }
    }

    private static IReadOnlyList<string> RefusedPlan(CampaignPlan plan)
    => [
        "The campaign was not stored because its plan lacks parts of the document:",
        .. plan.Warnings.Where(warning => warning.NeedsAcceptance).Select(warning => $"  warning: {warning.Message}"),
        .. plan.Refused.Take(MostRefused).Select(refused => $"  not failed back: {refused.VirtualMachineName}{(refused.Host.Length > 0 ? $" on {refused.Host}" : "")}: {refused.Reason}"),
        .. plan.RefusedCount > MostRefused ? [$"  … and {plan.RefusedCount - Math.Min(MostRefused, plan.Refused.Count)} more machines that are not failed back"] : Array.Empty<string>(),
        "Correct the document, or store it anyway with --accept-warnings; the audit records who accepted.",
    ];

    private static string Line(string source, DocumentError error)
    {
        var place = error.Line > 0 ? $"{source}:{error.Line}:{Math.Max(1, error.Column)}" : source;
        if (error.Path.Length == 0)
        {
            return $"{place}: {error.Message}";
        }

        // The sentence also names the path; once per line is enough.
        var sentence = error.Message.StartsWith(error.Path + " ", StringComparison.Ordinal) ? error.Message[(error.Path.Length + 1)..] : error.Message;
        return $"{place}: {error.Path}: {sentence}";
    }

    private static async Task<string?> ReadAtMostAsync(TextReader reader, int length, CancellationToken cancellationToken)
    {
        var buffer = new char[length + 1];
        var read = await reader.ReadBlockAsync(buffer, cancellationToken);
        return read <= length ? new string(buffer, 0, read) : null;
    }
}
