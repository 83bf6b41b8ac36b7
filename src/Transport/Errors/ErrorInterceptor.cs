using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace HostAgent.Transport.Errors;

/// <summary>Lets nothing but a well-formed status out of a service.</summary>
internal sealed class ErrorInterceptor(ExceptionMapper mapper) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Reached(context);
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw mapper.Map(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Reached(context);
        try
        {
            return await continuation(new CheckedRequests<TRequest>(requestStream, context.Method), context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw mapper.Map(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Reached(context);
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw mapper.Map(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Reached(context);
        try
        {
            await continuation(new CheckedRequests<TRequest>(requestStream, context.Method), responseStream, context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw mapper.Map(exception, context);
        }
    }

    private static void Reached(ServerCallContext context)
    {
        if (context.GetHttpContext().Features.Get<CallHandling>() is { } handling)
        {
            handling.Reached = true;
        }
    }
}

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
        catch (Exception exception) when (exception is InvalidProtocolBufferException or RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown })
        {
            throw new RpcFailure(StatusCode.InvalidArgument, "MALFORMED_REQUEST", $"the request is not a well-formed message of {method}", exception);
        }
    }
}
