using Google.Protobuf;
using Grpc.Core.Interceptors;

namespace HostAgent.Cli.Connection;

/// <summary>Makes every call a trial: the coordinator tells what it would do, and does nothing.</summary>
internal sealed class TrialCalls : Interceptor
{
    private const string Field = "validate_only";

    /// <inheritdoc/>
    public override Grpc.Core.AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        // A method that could not be tried must not be called as if it were.
        var field = (request as IMessage)?.Descriptor.FindFieldByName(Field) ?? throw new InvalidOperationException($"{context.Method.FullName} has no {Field}.");
        field.Accessor.SetValue((IMessage)request, true);
        return continuation(request, context);
    }
}
