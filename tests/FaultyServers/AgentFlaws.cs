using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Jobs;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.FaultyServers;

/// <summary>The bugs that an agent can have.</summary>
internal static class AgentFlaws
{
    public const string NoJournal = "no-journal";
    public const string NoFence = "no-fence";
    public const string ShadowHost = "shadow-host";

    /// <summary>Plants the bug that the command line names.</summary>
    /// <exception cref="ArgumentException">There is no such bug.</exception>
    public static void Plant(IServiceCollection services, FaultArguments fault)
    {
        switch (fault.Flaw)
        {
            case NoJournal:
                foreach (var file in Directory.Exists(fault.Require("--data")) ? Directory.GetFiles(fault.Require("--data"), "journal*") : [])
                {
                    File.Delete(file);
                }

                services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<Rewriting>((Action<object>)ForgetJournal));
                break;
            case NoFence:
                services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<Rewriting>((Action<object>)ForgetOwner));
                break;
            case null or ShadowHost:
                break;
            default:
                throw new ArgumentException($"The flaw is '{fault.Flaw}'; an agent can have {NoJournal}, {NoFence} and {ShadowHost}.");
        }
    }

    /// <summary>How the agent connects to its host; null when as it always does.</summary>
    public static Func<CancellationToken, Task<HostConnection>>? Connect(FaultArguments fault) => fault switch
    {
        // A host like the one of the command line, whose history is in another file.
        { Flaw: ShadowHost } => cancellationToken => ConnectAsync(fault, "shadow", cancellationToken),
        { Clock: not null } or { Silence: not null } => cancellationToken => ConnectAsync(fault, $"{fault.Require("--host")}.simulation", cancellationToken),
        _ => null,
    };

    // On the system's clock: what the host writes is what really happened, whatever the agent's clock says.
    private static async Task<HostConnection> ConnectAsync(FaultArguments fault, string history, CancellationToken cancellationToken)
    {
        var document = fault.Require("--simulate");
        var estate = EstateDocument.Parse(await File.ReadAllTextAsync(document, cancellationToken), document).Require();
        var options = new SimulationOptions
        {
            StateFile = Path.Combine(fault.Require("--data"), history),
            Speed = double.Parse(fault.Require("--speed"), CultureInfo.InvariantCulture),
        };
        var host = await SimulatedHost.OpenAsync(estate.FindHost(fault.Require("--host"))!, options, TimeProvider.System, cancellationToken);
        var namespaces = host.OpenNamespaces();
        if (fault.Silence is { } silence)
        {
            namespaces = namespaces with { Virtualization = new SilencedSession(namespaces.Virtualization, Path.Combine(fault.Require("--data"), silence)) };
        }

        return new HostConnection(namespaces, HostTiming.Simulated(options.Speed, options.MinimumJobRetention), () => host.Initiations.Total, host);
    }

    private static void ForgetJournal(object request)
    {
        switch (request)
        {
            case InitiateFailbackRequest initiate:
                initiate.SentBefore = null;
                break;
            case WatchFailbackRequest watch:
                watch.SentBefore = null;
                break;
        }
    }

    // Whoever calls is taken for the only coordinator that there ever was.
    private static void ForgetOwner(object request)
    {
        var instance = Guid.Empty.ToString("D").Replace('0', '1');
        switch (request)
        {
            case InitiateFailbackRequest { Campaign: { } campaign }:
                (campaign.Epoch, campaign.CoordinatorInstance) = (1, instance);
                break;
            case ClaimCampaignRequest claim:
                (claim.Epoch, claim.CoordinatorInstance) = (1, instance);
                break;
        }
    }
}

/// <summary>Rewrites every request before the server sees it.</summary>
internal sealed class Rewriting(Action<object> rewrite) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        rewrite(request);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        rewrite(request);
        return continuation(request, responseStream, context);
    }
}
