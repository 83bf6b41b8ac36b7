using HostAgent.Transport.Errors;
using HostAgent.Transport.Rest;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace HostAgent.Transport.Relay;

/// <summary>The answers of a server that answers nothing itself.</summary>
public static class RelayAnswers
{
    /// <summary>Answers every request over a connection that was not relayed with a failure: a gRPC call with its status, any other with JSON, as REST has it.</summary>
    /// <param name="application">The server.</param>
    /// <param name="failure">What is answered, unless the peer has too many connections.</param>
    public static void AnswerAll(this IApplicationBuilder application, RpcFailure failure) => application.Run(context =>
    {
        // A connection is relayed from its beginning or not at all: over this one the peer would hear the same for ever.
        context.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose();
        var answer = context.Features.Get<LiveConnection>()?.TooMany ?? failure;
        if (GrpcErrorResponse.IsGrpc(context.Request))
        {
            GrpcErrorResponse.Write(context.Response, answer);
            return Task.CompletedTask;
        }

        return RestJson.WriteAsync(context, answer);
    });
}
