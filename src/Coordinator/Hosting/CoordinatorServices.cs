using HostAgent.Campaigns;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Drills;
using HostAgent.Coordinator.Inventory;
using HostAgent.Coordinator.Notifications;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Ownership;
using HostAgent.Coordinator.Planning;
using HostAgent.Coordinator.Reports;
using HostAgent.Coordinator.Rest;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Services;
using HostAgent.Coordinator.Standby;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Store.States;
using HostAgent.Coordinator.Store.Transfer;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting;
using HostAgent.Transport;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Rest;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;

namespace HostAgent.Coordinator.Hosting;

/// <summary>Registers the coordinator's services.</summary>
internal static class CoordinatorServices
{
    public static void AddCoordinator(this IServiceCollection services, CoordinatorOptions options, EdgeLimits limits, IReadOnlyList<InventoryHost> inventory, MutualTlsIdentity identity, TimeProvider time)
    {
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        services.AddSingleton(time);
        services.AddSingleton(limits);
        services.AddSingleton<JitterSource>(Jitter.Draw);

        // By factory, so that the container disposes it last.
        services.AddSingleton(_ => identity);
        services.AddSingleton(_ => DataDirectoryLock.Acquire(options.Data, "coordinator"));
        services.AddMetrics();
        services.AddSingleton<StoreMetrics>();
        services.AddSingleton(provider => PostgreSqlLock.TakeAsync(
            options.Store,
            time,
            provider.GetRequiredService<ILogger<PostgreSqlLock>>(),
            new HoldEvents(() => ServerApplication.StopFailed(provider.GetRequiredService<IHostApplicationLifetime>()))
            {
                StandBy = async () => await StandbyServer.StartAsync(
                    options, limits, identity, new PostgreSqlEventReader(PostgreSqlDatabase.Open(options.Store, connections: 1)), time, provider.GetRequiredService<ILoggerFactory>()),
                Doubted = silent => provider.GetRequiredService<ServerInterruption>().Begin(CampaignFailures.InDoubt(silent)),
                Regained = provider.GetRequiredService<ServerInterruption>().End,
            }).GetAwaiter().GetResult());
        services.AddSingleton<ServerInterruption>();
        services.AddSingleton<IStoreHold>(provider => options.Store.Kind == StoreOptions.Sqlite ? new DirectoryHold() : provider.GetRequiredService<PostgreSqlLock>());
        services.AddSingleton<IEventStore>(provider =>
        {
            provider.GetRequiredService<DataDirectoryLock>();
            var metrics = provider.GetRequiredService<StoreMetrics>();
            if (options.Store.Kind == StoreOptions.Sqlite)
            {
                return SqliteEventStore.Open(Path.Combine(options.Data, "campaigns.db"), provider.GetRequiredService<ILogger<SqliteEventStore>>(), metrics);
            }

            provider.GetRequiredService<PostgreSqlLock>();
            return PostgreSqlEventStore.OpenAsync(options.Store, time, provider.GetRequiredService<ILogger<PostgreSqlEventStore>>(), metrics).GetAwaiter().GetResult();
        });
        services.AddSingleton(provider => new AgentRegistry(
            inventory,
            host => new AgentConnection(
                host,
                provider.GetRequiredService<MutualTlsIdentity>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<AgentConnection>>())));

        services.AddSingleton<AgentClient>();
        services.AddSingleton<EstateListing>();
        services.AddSingleton<PrimarySiteCheck>();
        services.AddSingleton<MachineHolds>();
        services.AddSingleton<AgentRetries>();
        services.AddSingleton<OperationFollower>();
        services.AddSingleton<AgentQuestions>();
        services.AddSingleton(provider => new CoordinatorInstance(
            Guid.CreateVersion7(provider.GetRequiredService<TimeProvider>().GetUtcNow()), provider.GetRequiredService<IStoreHold>()));
        services.AddSingleton<CampaignReturns>();
        services.AddSingleton<CampaignDrills>();
        services.AddSingleton<IPairSteps, CampaignSteps>();
        services.AddSingleton<CommandRecorder>();
        services.AddSingleton<RunServices>();
        services.AddSingleton<CampaignRuns>();
        services.AddSingleton<EstateReader>();
        services.AddSingleton<CampaignPlans>();
        services.AddSingleton<MeasuredRates>();
        services.AddSingleton<CampaignForecasts>();
        services.AddSingleton<IStartForecasts>(provider => provider.GetRequiredService<CampaignForecasts>());
        services.AddSingleton<ReportReader>();
        services.AddSingleton<ReportExport>();
        services.AddSingleton<StoreRoom>();
        services.AddSingleton<ServerStatus>();
        services.AddSingleton<CampaignCreation>();
        services.AddSingleton<CampaignRevision>();
        services.AddSingleton<CampaignCommands>();
        services.AddSingleton<ICampaignOwners, LocalOwners>();
        services.AddSingleton<IScheduledRuns, ScheduledRuns>();
        services.AddSingleton<IWavePrograms, SitePrograms>();
        // A run that begins another looks at all of them: only one that is due needs them.
        services.AddSingleton<Func<IScheduledRuns>>(provider => provider.GetRequiredService<IScheduledRuns>);
        services.AddSingleton<CampaignWatch>();
        services.AddSingleton<EstateChanges>();
        services.AddSingleton<EstateWatch>();
        services.AddSingleton<IStateStore>(provider =>
        {
            provider.GetRequiredService<DataDirectoryLock>();
            if (options.Store.Kind == StoreOptions.Sqlite)
            {
                return SqliteStateStore.Open(Path.Combine(options.Data, SqliteStateStore.FileName), provider.GetRequiredService<ILogger<SqliteStateStore>>());
            }

            // It makes the tables.
            provider.GetRequiredService<IEventStore>();
            new StateMove(options.Store, options.Data, provider.GetRequiredService<ILogger<StateMove>>()).RunAsync().GetAwaiter().GetResult();
            return new PostgreSqlStateStore(
                options.Store, time, provider.GetRequiredService<ILogger<PostgreSqlStateStore>>(), provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        });
        services.AddSingleton(provider => new KeptStates<ReturnState>(ReturnJson.Form with { Proof = ProofTable.Of }, provider.GetRequiredService<IStateStore>()));
        services.AddSingleton(provider => new KeptStates<DrillRun>(DrillJson.Form, provider.GetRequiredService<IStateStore>()));
        services.AddSingleton<LiveDrills>();
        services.AddSingleton<ProofTable>();
        services.AddSingleton<ProofListing>();
        services.AddSingleton<SiteReader>();
        services.AddSingleton<HomePreflight>();
        services.AddSingleton<AgentSteps>();
        services.AddSingleton<ReturnSteps>();
        services.AddSingleton<GuestCheck>();
        services.AddSingleton<PairFinder>();
        services.AddSingleton<MachineReturns>();
        services.AddSingleton<MachineDrills>();
        services.AddSingleton<IRehearsals, Rehearsals>();
        // Drills look at returns: only a rehearsal that is made needs them.
        services.AddSingleton<Func<IRehearsals>>(provider => provider.GetRequiredService<IRehearsals>);

        services.AddSingleton<IOutboxStore>(provider =>
        {
            provider.GetRequiredService<DataDirectoryLock>();
            if (options.Store.Kind == StoreOptions.Sqlite)
            {
                return SqliteOutboxStore.Open(Path.Combine(options.Data, "notifications.db"));
            }

            // It makes the tables.
            provider.GetRequiredService<IEventStore>();
            return new PostgreSqlOutboxStore(options.Store);
        });
        // Where nobody is to be told anything, nothing is kept.
        services.AddSingleton<Func<IOutboxStore>>(provider => provider.GetRequiredService<IOutboxStore>);
        services.AddSingleton<NotificationOutbox>();
        services.AddSingleton<Notifier>();
        services.AddSingleton<ProvenChannels>();
        services.AddSingleton<CommandAudit>();
        services.AddSingleton<NotificationMetrics>();

        // The order matters: what is told of begins where campaigns stand before they go on, campaigns join the returns of their machines, the first probe reaches campaigns that wait for a host, and the address opens after both.
        services.AddHostedService(provider => provider.GetRequiredService<Notifier>());
        services.AddHostedService(provider => provider.GetRequiredService<MachineReturns>());
        services.AddHostedService(provider => provider.GetRequiredService<MachineDrills>());
        services.AddHostedService(provider => provider.GetRequiredService<CampaignRuns>());
        services.AddHostedService<AgentProber>();
        services.AddSingleton<EstateMetrics>();
        services.AddSingleton<CampaignRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<CampaignRetention>());
        services.AddSingleton<Func<Exception, RpcFailure?>>(CampaignFailures.Of);
        services.AddSecuredGrpc();
        if (options.Store.Kind == StoreOptions.PostgreSql)
        {
            // Before anything listens.
            services.AddHostedService<StandbyEnd>();
        }

        if (options.Console.Listen is not null)
        {
            services.AddInProcess(new InProcessServer(identity));
            services.AddSingleton<ConsoleHost>();
            services.AddHostedService(provider => provider.GetRequiredService<ConsoleHost>());
        }

        if (options.Store.Kind == StoreOptions.PostgreSql)
        {
            // The last one: what listens is announced.
            services.AddHostedService<PlaceAnnouncement>();
        }

        var api = new RestApi([Contracts.Campaigns.V1.Campaigns.Descriptor, Contracts.Campaigns.V1.Hosts.Descriptor, Contracts.Campaigns.V1.Returns.Descriptor, Contracts.Campaigns.V1.Drills.Descriptor, Contracts.Campaigns.V1.Notifications.Descriptor]);
        services.AddRest(api, new RestDocument(OpenApiDescription.Path, new Lazy<ReadOnlyMemory<byte>>(() => OpenApiDescription.Write(api)), [PeerRole.Operator, PeerRole.Viewer]));
    }
}
