using HostAgent.Transport.Authorization;
using HostAgent.Transport.Edge;
using HostAgent.Transport.Errors;
using HostAgent.Transport.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport;

/// <summary>gRPC as every server of this product runs it: roles by method, rich errors, health and reflection.</summary>
public static class SecuredGrpcExtensions
{
    /// <summary>The largest message that a server or a channel accepts, in bytes; a larger one ends the call with RESOURCE_EXHAUSTED.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Adds gRPC with default-deny authorisation by role, one mapping of exceptions to statuses, the standard health service
    /// and server reflection (both for any valid role).
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Names the roles of every method; see <see cref="RolePolicy"/>.</param>
    /// <returns>The health checks, for the application to add its own.</returns>
    public static IHealthChecksBuilder AddSecuredGrpc(this IServiceCollection services, Action<RolePolicy> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var policy = new RolePolicy();
        configure(policy);
        services.AddSingleton(new RoleAuthorization(policy.Freeze()));
        services.AddSingleton<ExceptionMapper>();
        // Registered, because the server would otherwise make new ones for each call.
        services.AddSingleton<ErrorInterceptor>();
        services.AddSingleton<RoleInterceptor>();
        services.AddSingleton<FairnessInterceptor>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EdgeLimits.Default);
        services.AddSingleton<SampledLog>();
        services.AddSingleton<Admission>();
        services.AddSingleton(provider => new PeerQuotas(provider.GetRequiredService<EdgeLimits>(), policy.FreezeLimits()));
        services.AddSingleton<CallGate>();
        // The gRPC server logs what it cannot read with a stack trace. Here that is the caller's error, and has its line already.
        services.Configure<LoggerFilterOptions>(filter => filter.Rules.Add(new LoggerFilterRule(
            providerName: null, "Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Warning, (_, _, _) => CallHandling.Current?.Reached != false)));
        services.AddSingleton<EdgeUpkeep>();
        services.AddHostedService(provider => provider.GetRequiredService<EdgeUpkeep>());
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageBytes;
            grpc.EnableDetailedErrors = false;
            // Outermost first: a refusal passes through the mapping as well.
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<RoleInterceptor>();
            grpc.Interceptors.Add<FairnessInterceptor>();
        });
        services.AddGrpcReflection();
        return services.AddGrpcHealthChecks().AddCheck<AcceptingCallsCheck>("accepting-calls");
    }

    /// <summary>Maps health and reflection, behind the gate that every call passes. The services themselves are mapped as usual, with <c>MapGrpcService</c>.</summary>
    public static void MapSecuredGrpc(this WebApplication endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var gate = endpoints.Services.GetRequiredService<CallGate>();
        endpoints.Use(next => context => gate.PassAsync(context, next));
        endpoints.MapGrpcHealthChecksService();
        endpoints.MapGrpcReflectionService();
    }
}
