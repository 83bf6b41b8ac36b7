using HostAgent.Transport.Authorization;
using HostAgent.Transport.Edge;
using HostAgent.Transport.Errors;
using HostAgent.Transport.InProcess;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Servers;

/// <summary>gRPC as every server of this product runs it: roles by method, rich errors, health and reflection.</summary>
public static class SecuredGrpcExtensions
{
    /// <summary>
    /// Adds gRPC with authorization by role, one mapping of exceptions to statuses, the standard health service and server reflection (both
    /// for any role). Each method names its roles with <see cref="AuthorizeRolesAttribute"/>; a method without roles is refused to everybody.
    /// </summary>
    /// <param name="services">The application's services. It must be a <see cref="WebApplication"/>, which puts authorization before its endpoints.</param>
    /// <returns>The health checks, for the application to add its own.</returns>
    public static IHealthChecksBuilder AddSecuredGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        services.AddSingleton<IPolicyEvaluator, RoleEvaluator>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedCalls>();
        services.AddSingleton<ExceptionMapper>();
        // Registered, because the server would otherwise make new ones for each call.
        services.AddSingleton<ErrorInterceptor>();
        services.AddSingleton<FairnessInterceptor>();
        services.AddEdge();
        services.AddSingleton<CallGate>();
        // The gRPC server logs an unreadable request with a stack trace. That is the caller's error and is logged already.
        services.Configure<LoggerFilterOptions>(filter => filter.Rules.Add(new LoggerFilterRule(
            providerName: null, "Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Warning, (_, _, _) => CallHandling.Current?.Reached != false)));
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = EdgeLimits.MaxMessageBytes;
            grpc.EnableDetailedErrors = false;
            // Outermost first: a refusal passes through the mapping as well.
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<FairnessInterceptor>();
        });
        services.AddGrpcReflection();
        return services.AddGrpcHealthChecks().AddCheck<AcceptingCallsCheck>("accepting-calls");
    }

    /// <summary>Leaves the process's signals to whoever starts and stops the server: it is a part of another one.</summary>
    public static void LeaveSignals(this IServiceCollection services) => services.AddSingleton<IHostLifetime, OwnersLifetime>();

    /// <summary>Adds what bounds and reviews a server's connections: a part of <see cref="AddSecuredGrpc"/>, and all that a server needs which answers nothing itself.</summary>
    public static void AddEdge(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EdgeLimits.Default);
        services.AddSingleton<SampledLog>();
        services.AddSingleton<Admission>();
        // The server asks the factory that was registered last first.
        services.AddSingleton<IConnectionListenerFactory, AdmittingListenerFactory>();
        services.AddSingleton<PeerQuotas>();
        services.AddSingleton<EdgeUpkeep>();
        services.AddHostedService(provider => provider.GetRequiredService<EdgeUpkeep>());
    }

    /// <summary>Lets parts of this process call the server in the name of peers whose connections are proved; see <see cref="MutualTlsListenExtensions.ListenInProcess"/>.</summary>
    public static void AddInProcess(this IServiceCollection services, InProcessServer server)
    {
        services.AddSingleton(server);
        services.AddSingleton<IConnectionListenerFactory, InProcessListenerFactory>();
    }

    /// <summary>
    /// Gives a second server of this process, which serves browsers, the limits on connections of the first: the process has one number of open files.
    /// </summary>
    /// <param name="services">The second server's services.</param>
    /// <param name="first">The services of the first, which has <see cref="AddSecuredGrpc"/>.</param>
    public static void ShareEdge(this IServiceCollection services, IServiceProvider first)
    {
        services.AddSingleton(first.GetRequiredService<SampledLog>());
        services.AddSingleton(first.GetRequiredService<Admission>());
        services.AddSingleton(first.GetRequiredService<PeerQuotas>());
        services.AddSingleton<IConnectionListenerFactory, AdmittingListenerFactory>();
    }

    /// <summary>Maps health and reflection, and puts the limits of <see cref="EdgeLimits"/> before every call. The services themselves are mapped as usual, with <c>MapGrpcService</c>.</summary>
    public static void MapSecuredGrpc(this WebApplication endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var gate = endpoints.Services.GetRequiredService<CallGate>();
        endpoints.Use(next => context => gate.PassAsync(context, next));
        var anyRole = new AuthorizeRolesAttribute(Enum.GetValues<PeerRole>());
        endpoints.MapGrpcHealthChecksService().RequireAuthorization(anyRole);
        endpoints.MapGrpcReflectionService().RequireAuthorization(anyRole);
    }

    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
