using HostAgent.Agent.Configuration;
using HostAgent.Agent.Disks;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Journal;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Cancellation;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Agent.Telemetry;
using HostAgent.Agent.Wire;
using HostAgent.HyperV;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Simulation.Estates;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HostAgent.Agent.Hosting;

/// <summary>Puts the agent together, without its server.</summary>
internal static class AgentServices
{
    // What takes seconds each; the host itself does them one after another for a machine.
    private const int MaxConcurrentControl = 16;

    /// <summary>Adds the agent. Journal and host are there once <see cref="AgentResources.OpenAsync"/> has ended.</summary>
    public static void AddAgent(this IServiceCollection services, AgentOptions options, AgentIdentity identity, TestHooks hooks)
    {
        services.AddSingleton(hooks);
        services.AddSingleton(hooks.Time);
        services.AddSingleton(options);
        services.AddSingleton(identity);
        services.AddSingleton<AgentResources>();
        // Agents of one process share theirs.
        services.TryAddSingleton<ParsedEstates>();

        // The container closes both, after everything that uses them.
        services.AddSingleton(provider => provider.GetRequiredService<AgentResources>().Journal);
        services.AddSingleton(provider => provider.GetRequiredService<AgentResources>().Connection);
        services.AddSingleton(provider => provider.GetRequiredService<HostConnection>().Timing);
        services.AddSingleton(provider =>
        {
            var connection = provider.GetRequiredService<HostConnection>();
            var namespaces = connection.Namespaces;
            return new HyperVHost(
                namespaces with { Virtualization = new TracedCimSession(namespaces.Virtualization, hooks.Time) },
                hooks.Time,
                options.ToRules(),
                connection.IsSimulated ? null : new LocalCertificateTrust(hooks.Time),
                provider.GetRequiredService<ILogger<HyperVHost>>());
        });
        services.AddSingleton<JobWatch>();
        services.AddSingleton<DiskInventory>();

        // The kinds of operation: a further one is a line here.
        services.AddSingleton(provider => new FailbackKind(identity.HostName, provider.GetRequiredService<HyperVHost>(), FailbackRequests.ReadStored));
        services.AddSingleton<FactsTickets>();
        services.AddSingleton(provider => new RunRecords(options.Data, provider.GetRequiredService<OperationJournal>(), provider.GetRequiredService<ILogger<RunRecords>>()));
        services.AddSingleton<MachineFactsSource>();
        services.AddSingleton<TestMachineRecords>();
        services.AddSingleton(provider => new StepKinds(StepDefinitions.All
            .Select(definition => new StepKind(
                definition, identity.HostName, provider.GetRequiredService<HyperVHost>(), provider.GetRequiredService<FactsTickets>(), provider.GetRequiredService<TestMachineRecords>(), OperationRequests.ReadStored))
            .ToDictionary(kind => kind.Name)));
        services.AddSingleton<IReadOnlyList<IOperationKind>>(provider =>
            [provider.GetRequiredService<FailbackKind>(), .. provider.GetRequiredService<StepKinds>().ByName.Values]);

        services.AddSingleton(new HostLanes(
            new HostQueue(options.MaxConcurrentFailbacks, options.MaxQueuedFailbacks), new HostQueue(MaxConcurrentControl, options.MaxQueuedFailbacks)));
        services.AddSingleton<LiveOperations>();
        services.AddSingleton(provider => new OperationContext(
            identity.HostName,
            provider.GetRequiredService<HyperVHost>(),
            provider.GetRequiredService<JobWatch>(),
            provider.GetRequiredService<HostTiming>(),
            options.NoProgressAfter,
            hooks.Time,
            hooks.Checkpoint));
        services.AddSingleton(provider => new JournalLoss(provider.GetRequiredService<OperationJournal>().Damages, options.OperationRetention, hooks.Time));
        services.AddSingleton<UnaccountedFailbacks>();
        services.AddSingleton<OperationStreams>();
        services.AddSingleton<OperationCancellation>();
        services.AddSingleton<HostOperations>();
    }
}
