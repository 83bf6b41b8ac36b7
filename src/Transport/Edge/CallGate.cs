using Grpc.AspNetCore.Server;
using Grpc.Core;
using HostAgent.Transport.Errors;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Edge;

/// <summary>
/// What every authorized call passes before its message is read: the limits on how much one peer may have running, and whether the server answers anybody. On the way back it gives a
/// bare error the details that every error has.
/// </summary>
internal sealed partial class CallGate(PeerQuotas quotas, SampledLog sampled, ILogger<CallGate> log, ServerInterruption? interruption = null)
{
    public Task PassAsync(HttpContext context, RequestDelegate next)
        // Authorization has let the call through, so a gRPC call has a peer and a method.
        => GrpcErrorResponse.IsGrpc(context.Request) && context.GetEndpoint()?.Metadata is { } endpoint && endpoint.GetMetadata<GrpcMethodMetadata>() is { } called
            ? CountAsync(context, next, context.GetPeer(), called.Method.FullName, endpoint.GetMetadata<MaxConcurrentCallsAttribute>()?.PerPeer)
            : next(context);

    private async Task CountAsync(HttpContext context, RequestDelegate next, PeerIdentity peer, string method, int? mostOfMethod)
    {
        var connection = context.Features.Get<LiveConnection>();
        if (connection?.TooMany is { } tooMany)
        {
            Exhausted(context, peer, tooMany);
            // The next call may find room on another connection.
            connection.TakeNoMoreCalls();
            return;
        }

        if (interruption?.Reason is { } interrupted)
        {
            GrpcErrorResponse.Write(context.Response, interrupted);
            return;
        }

        if (quotas.EnterCall(peer, method, mostOfMethod) is { } exhausted)
        {
            Exhausted(context, peer, exhausted);
            return;
        }

        try
        {
            await HandleAsync(context, next, connection, peer, method).ConfigureAwait(false);
        }
        finally
        {
            quotas.LeaveCall(peer, method, mostOfMethod);
        }
    }

    private async Task HandleAsync(HttpContext context, RequestDelegate next, LiveConnection? connection, PeerIdentity peer, string method)
    {
        var handling = new CallHandling();
        CallHandling.Current = handling;
        context.Features.Set(handling);
        // A call ends when its peer loses the right to make it, or the server ceases to answer.
        var ofPeer = connection?.Ending ?? CancellationToken.None;
        using var ending = interruption is null
            ? CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ofPeer)
            : CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ofPeer, interruption.Begins);
        context.RequestAborted = ending.Token;

        await next(context).ConfigureAwait(false);
        if (GrpcErrorResponse.Bare(context.Response) is { } bare)
        {
            GrpcErrorResponse.Replace(context.Response, handling.Reached ? BareStatus.Detailed(bare.Code, bare.Message) : Unread(bare.Code, bare.Message, peer, method));
        }
    }

    // The server has given up on the request before the service saw it.
    private RpcFailure Unread(StatusCode code, string message, PeerIdentity peer, string method)
    {
        switch (code)
        {
            case StatusCode.ResourceExhausted:
                return new RpcFailure(code, "MESSAGE_TOO_LARGE", $"the request is larger than the maximum of {EdgeLimits.MaxMessageBytes} bytes");
            case StatusCode.Unknown or StatusCode.Internal or StatusCode.InvalidArgument:
                sampled.Write($"malformed|{peer.Uri}", $"Refused {peer.Actor}: malformed request for {method}", text => LogMalformed(log, text));
                return new RpcFailure(StatusCode.InvalidArgument, "MALFORMED_REQUEST", $"the request is not a well-formed message of {method}");
            default:
                return BareStatus.Detailed(code, message);
        }
    }

    private void Exhausted(HttpContext context, PeerIdentity peer, RpcFailure refusal)
    {
        sampled.Write($"quota|{peer.Uri}|{refusal.Reason}", $"Refused a call: {refusal.Message}", text => LogExhausted(log, text));
        GrpcErrorResponse.Write(context.Response, refusal);
    }

    [LoggerMessage(4005, LogLevel.Warning, "{Text}")]
    private static partial void LogMalformed(ILogger logger, string text);

    [LoggerMessage(4006, LogLevel.Warning, "{Text}")]
    private static partial void LogExhausted(ILogger logger, string text);
}
