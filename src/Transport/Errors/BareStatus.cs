using Grpc.Core;

namespace HostAgent.Transport.Errors;

/// <summary>A status that a library beneath us made, without the details that every error of ours has.</summary>
internal static class BareStatus
{
    /// <summary>The same with a reason, which is the name of its code.</summary>
    public static RpcFailure Detailed(StatusCode code, string message, Exception? cause = null) => new(code, Reason(code), message, cause);

    // FailedPrecondition is FAILED_PRECONDITION wherever a program meets it.
    private static string Reason(StatusCode code) => string.Concat(
        code.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString()));
}
