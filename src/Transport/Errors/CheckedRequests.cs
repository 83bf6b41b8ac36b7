using Google.Protobuf;
using Grpc.Core;

namespace HostAgent.Transport.Errors;

/// <summary>The requests of a stream. One that cannot be read is the caller's error and not an incident.</summary>
internal sealed class CheckedRequests<T>(IAsyncStreamReader<T> inner, string method) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            return await inner.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception malformed) when (malformed is InvalidProtocolBufferException or RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown })
        {
            throw new RpcFailure(StatusCode.InvalidArgument, "MALFORMED_REQUEST", $"the request is not a well-formed message of {method}", malformed);
        }
    }
}
