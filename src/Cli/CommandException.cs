using Grpc.Core;
using HostAgent.Transport;

namespace HostAgent.Cli;

/// <summary>A command failed: the lines to print and the exit code.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="lines">One sentence, or for a document one line for each error. Never empty.</param>
internal sealed class CommandException(int exitCode, params IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to print on the error stream.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;
}

/// <summary>Turns a failed call into lines to print and an exit code.</summary>
internal static class FailureText
{
    public static string Sentence(RpcException exception) => Sentence(RpcFailure.From(exception));

    /// <summary>The failure as a command reports it: the sentence, then one line for each field or condition that it names.</summary>
    public static CommandException Report(RpcException exception)
    {
        var failure = RpcFailure.From(exception);
        IEnumerable<string> details =
        [
            .. failure.FieldViolations.Select(violation => $"{violation.Field}: {violation.Description}").Where(line => line != failure.Message).Select(line => $"  {line}"),
            .. failure.PreconditionViolations.Select(violation => $"  {violation.Subject}: {violation.Description} ({violation.Type})"),
        ];
        return new CommandException(Code(failure.StatusCode), [Sentence(failure), .. details]);
    }

    private static string Sentence(RpcFailure failure)
        => failure.Message.Length > 0 ? failure.Message : $"The coordinator answered {failure.StatusCode} and gave no reason.";

    private static int Code(StatusCode status) => status switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ExitCode.Invalid,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };
}
