using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Internal;

/// <summary>The one table from what a service throws to what its caller gets.</summary>
internal sealed partial class ExceptionMapper(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ExceptionMapper> log)
{
    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(5);

    public RpcException Map(Exception exception, ServerCallContext context) => exception switch
    {
        RpcFailure failure => failure.ToRpcException(),
        RpcException already => already,
        // Whatever breaks once the caller has left (cancelled tokens, reset streams) breaks because it has left.
        _ when context.CancellationToken.IsCancellationRequested && exception is OperationCanceledException or IOException => Left(context).ToRpcException(),
        OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested =>
            new RpcFailure(StatusCode.Unavailable, "DRAINING", "the server is shutting down") { RetryDelay = RestartTakes }.ToRpcException(),
        BadHttpRequestException malformed =>
            new RpcFailure(StatusCode.InvalidArgument, "MALFORMED_REQUEST", $"the request is not a well-formed gRPC call: {malformed.Message}").ToRpcException(),
        _ => Opaque(exception, context).ToRpcException(),
    };

    private RpcFailure Left(ServerCallContext context) => time.GetUtcNow().UtcDateTime >= context.Deadline
        ? new RpcFailure(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "the call's deadline has passed")
        : new RpcFailure(StatusCode.Cancelled, "CANCELLED", "the caller cancelled the call");

    private RpcFailure Opaque(Exception exception, ServerCallContext context)
    {
        var incident = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var peer = context.GetHttpContext().Features.Get<PeerIdentity>()?.Uri ?? "nobody";
        LogIncident(log, exception, incident, context.Method, peer);
        return new RpcFailure(StatusCode.Internal, "INTERNAL", $"the server failed unexpectedly; its log has the cause under incident {incident}")
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["incident_id"] = incident },
        };
    }
}
