using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Simulated hosts and machines for tests.</summary>
internal static class Stage
{
    public const string HostName = "hv-west-01";

    public static Guid Id(int number) => new($"00000000-0000-4000-8000-{number:D12}");

    public static SimulatedVirtualMachineDescription Machine(int number, params IReadOnlyList<Fault> faults) => new()
    {
        Name = $"app-{number:D2}",
        Id = Id(number),
        DiskGigabytes = 10,
        ChangedGigabytes = 1,
        Faults = faults,
    };

    public static SimulatedHostDescription Host(params IReadOnlyList<SimulatedVirtualMachineDescription> machines) => new()
    {
        Name = HostName,
        VirtualMachines = machines,
    };
}
