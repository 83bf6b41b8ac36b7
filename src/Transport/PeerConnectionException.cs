namespace HostAgent.Transport;

/// <summary>
/// No connection to a peer, explained. An <see cref="IOException"/>, because that is what the gRPC client reports as UNAVAILABLE;
/// the RpcException carries it to <see cref="RpcFailure.From"/>.
/// </summary>
internal sealed class PeerConnectionException(string address, string reason, string message, Exception? cause) : IOException(message, cause)
{
    public string Address { get; } = address;

    public string Reason { get; } = reason;
}

/// <summary>An exception and what caused it, outermost first.</summary>
internal static class Causes
{
    public static IEnumerable<Exception> Of(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }

    public static Exception Innermost(Exception failure) => Of(failure).Last();
}
