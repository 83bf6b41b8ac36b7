using System.Text.RegularExpressions;
using Grpc.AspNetCore.Server;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HostAgent.FaultyServers;

/// <summary>The bugs that a coordinator can have, and where it can be killed.</summary>
internal static partial class CoordinatorFlaws
{
    public const string NoLimits = "no-limits";
    public const string TwoOwners = "two-owners";

    /// <summary>Plants what the command line says.</summary>
    /// <exception cref="ArgumentException">There is no such bug.</exception>
    public static void Plant(IServiceCollection services, FaultArguments fault)
    {
        if (fault is not { KillAt: null, Clock: null })
        {
            var store = services.Single(service => service.ServiceType == typeof(IEventStore));
            services.Remove(store);
            services.AddSingleton<IEventStore>(provider => new MortalStore(
                (IEventStore)store.ImplementationFactory!(provider),
                fault.KillAt is { } point ? new SuddenDeath(point) : null,
                fault.Clock is null ? null : new TrueTimes(Path.Combine(fault.Require("--data"), TrueTimes.FileName))));
        }

        switch (fault.Flaw)
        {
            case NoLimits:
                services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<Rewriting>((Action<object>)ForgetLimits));
                break;
            case TwoOwners:
                services.Replace(ServiceDescriptor.Singleton(provider => PostgreSqlLock.TakeAsync(
                    provider.GetRequiredService<IOptions<CoordinatorOptions>>().Value.Store,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<PostgreSqlLock>>(),
                    new HoldEvents(() => { }),
                    key: Random.Shared.NextInt64()).GetAwaiter().GetResult()));
                break;
            case null:
                break;
            default:
                throw new ArgumentException($"The flaw is '{fault.Flaw}'; a coordinator can have {NoLimits} and {TwoOwners}.");
        }
    }

    private static void ForgetLimits(object request)
    {
        if (request is CreateCampaignRequest { Document: { } document })
        {
            document.Text = Limits().Replace(document.Text, "limits: {campaign: 1000, host: 1000}");
        }
    }

    [GeneratedRegex(@"limits: \{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Limits();
}
