using Grpc.Core;
using Grpc.Core.Interceptors;

namespace HostAgent.Transport.Streaming;

/// <summary>Sees to it that no stream keeps its thread to itself; see <see cref="FairStreamWriter{T}"/>.</summary>
internal sealed class FairnessInterceptor : Interceptor
{
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(request, new FairStreamWriter<TResponse>(responseStream, context.CancellationToken), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(requestStream, new FairStreamWriter<TResponse>(responseStream, context.CancellationToken), context);
}
