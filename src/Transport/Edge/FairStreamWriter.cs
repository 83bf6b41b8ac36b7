using Grpc.Core;
using Grpc.Core.Interceptors;

namespace HostAgent.Transport.Edge;

/// <summary>
/// Yields the thread from time to time. A write completes immediately while there is room and also when the connection has just
/// broken; a service that writes in a loop then never releases its thread. A few such loops take every thread of a small machine,
/// including the one that would report to the service that its caller has left.
/// </summary>
internal sealed class FairStreamWriter<T>(IServerStreamWriter<T> inner, CancellationToken left) : IServerStreamWriter<T>
{
    // This many writes take less than a millisecond; yielding costs a few microseconds.
    private const int WritesOfATurn = 128;

    private int _writes;

    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (++_writes < WritesOfATurn)
        {
            return inner.WriteAsync(message, cancellationToken);
        }

        _writes = 0;
        return GiveWayAndWriteAsync(message, cancellationToken);
    }

    private async Task GiveWayAndWriteAsync(T message, CancellationToken cancellationToken)
    {
        await Task.Yield();
        left.ThrowIfCancellationRequested();
        await inner.WriteAsync(message, cancellationToken);
    }
}

/// <summary>Keeps any stream from holding its thread; see <see cref="FairStreamWriter{T}"/>.</summary>
internal sealed class FairnessInterceptor : Interceptor
{
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(request, new FairStreamWriter<TResponse>(responseStream, context.CancellationToken), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        => continuation(requestStream, new FairStreamWriter<TResponse>(responseStream, context.CancellationToken), context);
}
