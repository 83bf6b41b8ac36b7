using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Methods;
using HostAgent.HyperV.Simulation.Methods.Replication;
using HostAgent.HyperV.Simulation.Methods.Server;
using HostAgent.HyperV.Simulation.Model;

namespace HostAgent.HyperV.Simulation.Sessions;

/// <summary>All methods of a simulated host. A new one is a line here.</summary>
internal static class MethodTable
{
    /// <summary>The methods of a host, depending on its platform.</summary>
    /// <param name="host">The host.</param>
    /// <param name="model">Its objects.</param>
    /// <param name="options">The options it was opened with.</param>
    public static ISimulatedMethod[] Of(SimulatedHostDescription host, ObjectModel model, SimulationOptions options)
    {
        return Array.FindAll(All(), method => PlatformRules.Has(host.Platform, method.Declaration.Name));

        IEnumerable<ISimulatedMethod> AsMethods(IEnumerable<MachineOperation> operations)
            => operations.Select(operation => new OperationMethod(operation, model, options.Logger));

        ISimulatedMethod[] All() =>
        [
            // The failback and its job.
            new InitiateFailbackMethod(FailbackChecks.For(host, options), model, options.Logger),
            new JobRequestStateChangeMethod(),
            .. JobGetErrorMethod.Both,

            // Read-only methods.
            new ReplicationStatisticsMethod("GetReplicationStatistics", model),
            new ReplicationStatisticsMethod("GetReplicationStatisticsEx", model),
            new SummaryInformationMethod(model),
            new TestReplicationConnectionMethod(),
            new GetSystemCertificatesMethod(),
            new VirtualHardDiskSettingDataMethod(),

            // The host as a replica server.
            .. ServerMethod.All(options.Logger),

            // Power.
            new InitiateShutdownMethod(),
            .. AsMethods(PowerRequests.All),
            .. AsMethods(NetworkOperations.All),

            // Replication of a machine.
            .. AsMethods(ServiceOperations.All),
            .. AsMethods(SettingsOperations.All),
            .. AsMethods(CopyOperations.All),
            .. AsMethods(FailoverNetworkOperations.All),
            .. AsMethods(AuthorizationOperations.All),
            .. AsMethods(StatisticsOperations.All),
            .. AsMethods(ReplicationStateRequests.All),

            // Declared by Windows, not simulated.
            .. NotSupportedMethods.All,
        ];
    }
}
