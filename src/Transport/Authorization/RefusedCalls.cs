using Grpc.AspNetCore.Server;
using Grpc.Core;
using HostAgent.Transport.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Authorization;

/// <summary>
/// Answers calls that authorization has refused, with the details that every error has. Authorization runs before the request's message
/// is read.
/// </summary>
internal sealed partial class RefusedCalls(SampledLog sampled, ILogger<RefusedCalls> log) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        if (!GrpcErrorResponse.IsGrpc(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        GrpcErrorResponse.Write(context.Response, Refusal(context, policy));
        return Task.CompletedTask;
    }

    private RpcFailure Refusal(HttpContext context, AuthorizationPolicy policy)
    {
        if (context.Features.Get<PeerIdentity>() is not { } peer)
        {
            return new RpcFailure(StatusCode.Unauthenticated, "NO_CLIENT_CERTIFICATE", "the call came over a connection without a client certificate");
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName is not { } method)
        {
            return new RpcFailure(StatusCode.Unimplemented, "METHOD_UNKNOWN", "this server has no such method");
        }

        var refusal = Refusal(peer, method, RoleEvaluator.RolesOf(policy));
        sampled.Write($"role|{peer.Uri}|{method}", $"Refused {peer.Actor} access to {method} ({refusal.Reason})", text => LogRefused(log, text));
        return refusal;
    }

    private static RpcFailure Refusal(PeerIdentity peer, string method, PeerRole[] roles)
    {
        var allowed = string.Join(", ", roles.Select(role => role.ToName()));
        var (reason, message) = roles.Length == 0
            ? ("METHOD_NOT_ALLOWED", $"no role may call {method}")
            : ("ROLE_NOT_ALLOWED", $"{peer.Uri} may not call {method}: its role is {peer.Role.ToName()}, allowed are {allowed}");
        return new RpcFailure(StatusCode.PermissionDenied, reason, message)
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["method"] = method,
                ["role"] = peer.Role.ToName(),
                ["peer"] = peer.Uri,
                ["allowed_roles"] = allowed,
            },
        };
    }
}
