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
}
