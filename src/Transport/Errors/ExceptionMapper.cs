using Grpc.Core;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Errors;

/// <summary>The one table from what a service throws to what its caller gets.</summary>
/// <param name="translations">What the server's own exceptions mean to a caller; null for those that are none of theirs.</param>
/// <param name="lifetime">Whether the server is stopping.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Takes the causes of incidents.</param>
/// <param name="interruption">Whether the server has ceased to answer; null for one that never does.</param>
internal sealed partial class ExceptionMapper(
    IEnumerable<Func<Exception, RpcFailure?>> translations, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ExceptionMapper> log, ServerInterruption? interruption = null)
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(5);

    public RpcException Map(Exception exception, ServerCallContext context) => exception switch
    {
        RpcFailure failure => failure.ToRpcException(),
        RpcException already when already.Trailers.Get(DetailsTrailer) is not null => already,
        RpcException bare => BareStatus.Detailed(bare.StatusCode, bare.Status.Detail, bare).ToRpcException(),
        _ when context.CancellationToken.IsCancellationRequested && context.GetHttpContext().Features.Get<LiveConnection>()?.Reason is { } reason => reason.ToRpcException(),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested && interruption?.Reason is { } interrupted => interrupted.ToRpcException(),
        // A server that stops ends its connections too: the caller may not have left.
        OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested && time.GetUtcNow().UtcDateTime < context.Deadline
            => new RpcFailure(StatusCode.Unavailable, "DRAINING", "the server is shutting down") { RetryDelay = RestartTakes }.ToRpcException(),
        _ when context.CancellationToken.IsCancellationRequested => Left(exception, context).ToRpcException(),
        _ when translations.Select(translate => translate(exception)).FirstOrDefault(known => known is not null) is { } known => known.ToRpcException(),
        BadHttpRequestException malformed
            => new RpcFailure(StatusCode.InvalidArgument, "MALFORMED_REQUEST", $"the request is not a well-formed gRPC call: {malformed.Message}").ToRpcException(),
        _ => Opaque(exception, context).ToRpcException(),
    };

    private RpcFailure Left(Exception exception, ServerCallContext context)
    {
        // Writing to a caller that has left fails in many ways. None is an incident; what is not a cancellation is logged.
        if (exception is not (OperationCanceledException or IOException))
        {
            LogAfterCallerLeft(log, exception, context.Method, Peer(context));
        }

        return time.GetUtcNow().UtcDateTime >= context.Deadline
            ? new RpcFailure(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "the call's deadline has passed")
            : new RpcFailure(StatusCode.Cancelled, "CANCELLED", "the caller cancelled the call");
    }

    private RpcFailure Opaque(Exception exception, ServerCallContext context)
    {
        var incident = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        LogIncident(log, exception, incident, context.Method, Peer(context));
        return new RpcFailure(StatusCode.Internal, "INTERNAL", $"the server failed unexpectedly; its log has the cause under incident {incident}")
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["incident_id"] = incident },
        };
    }

    private static string Peer(ServerCallContext context) => context.GetHttpContext().Features.Get<PeerIdentity>()?.Uri ?? "nobody";
}
