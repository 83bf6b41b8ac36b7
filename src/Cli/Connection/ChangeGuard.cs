using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace HostAgent.Cli.Connection;

/// <summary>
/// Stands before every call that may change something at the coordinator of a saved context: refuses it where the context is protected and the
/// command line does not name it, and says once where it goes when it is merely the current one.
/// </summary>
internal sealed class ChangeGuard(ContextTarget target, string coordinator, TextWriter remarks) : Interceptor
{
    // A method of a later version that is not known here counts as a change.
    private static readonly string[] Reading = ["Get", "List", "Watch", "Explain", "Plan", "Validate", "Export", "Check"];

    private bool _isSaid;

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        Look(context.Method);
        return continuation(request, context);
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        Look(context.Method);
        return continuation(request, context);
    }

    private void Look(IMethod method)
    {
        if (target.IsNamed || Reading.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal)))
        {
            return;
        }

        if (target.IsProtected)
        {
            throw new CommandException(
                ExitCode.Invalid, $"The context \"{target.Name}\" ({coordinator}) is protected: repeat the command with --context {target.Name} to change anything there.");
        }

        if (!_isSaid)
        {
            _isSaid = true;
            remarks.WriteLine($"Context {target.Name}, {coordinator}.");
        }
    }
}

/// <summary>Makes every call a trial: the coordinator tells what it would do, and does nothing.</summary>
internal sealed class TrialCalls : Interceptor
{
    private const string Field = "validate_only";

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        // A method that could not be tried must not be called as if it were.
        var field = (request as IMessage)?.Descriptor.FindFieldByName(Field) ?? throw new InvalidOperationException($"{context.Method.FullName} has no {Field}.");
        field.Accessor.SetValue((IMessage)request, true);
        return continuation(request, context);
    }
}
