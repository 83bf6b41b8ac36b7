namespace HostAgent.Transport.Diagnosis;

/// <summary>
/// No connection to a peer, explained. An <see cref="IOException"/>, because that is what the gRPC client reports as UNAVAILABLE;
/// it rides inside the RpcException to where <see cref="RpcFailure.From"/> finds it.
/// </summary>
internal sealed class PeerConnectionException(string address, string reason, string message, Exception? cause) : IOException(message, cause)
{
    public string Address { get; } = address;

    public string Reason { get; } = reason;
}
