using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>A set of simulated hosts: the stage of a rehearsal, a demo or a test.</summary>
public sealed record Estate
{
    /// <summary>The hosts, in the order of the document.</summary>
    public required IReadOnlyList<SimulatedHostDescription> Hosts { get; init; }

    /// <summary>The number of virtual machines on all hosts.</summary>
    public int VirtualMachineCount => Hosts.Sum(host => host.VirtualMachines.Count);

    /// <summary>The host of that name (case does not matter), or null.</summary>
    public SimulatedHostDescription? FindHost(string name)
        => Hosts.FirstOrDefault(host => string.Equals(host.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// How long it takes, at speed 1, until every virtual machine has gone back, when each host keeps a number of failbacks going
    /// and takes its virtual machines in order. Faults are left out, and so is the time that callers take between the calls.
    /// </summary>
    /// <param name="concurrentPerHost">How many failbacks a host runs at once; at least 1.</param>
    public TimeSpan EstimateDuration(int concurrentPerHost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrentPerHost, 1);
        return Hosts.Select(host => EstateForecast.Of(host, concurrentPerHost)).DefaultIfEmpty(TimeSpan.Zero).Max();
    }

    /// <summary>The <see cref="SimulationOptions.Speed"/> at which the whole estate goes back in a given time.</summary>
    /// <param name="duration">The time wanted; above zero.</param>
    /// <param name="concurrentPerHost">How many failbacks a host runs at once; at least 1.</param>
    public double SpeedFor(TimeSpan duration, int concurrentPerHost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        var estimate = EstimateDuration(concurrentPerHost);
        return estimate > TimeSpan.Zero ? estimate / duration : 1;
    }
}
