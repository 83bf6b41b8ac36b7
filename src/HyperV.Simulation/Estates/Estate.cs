namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>A set of simulated hosts for a rehearsal, a demo or a test.</summary>
public sealed record Estate
{
    /// <summary>The hosts, in document order.</summary>
    public required IReadOnlyList<SimulatedHostDescription> Hosts { get; init; }

    /// <summary>Hosts that replicate to each other; a host is in at most one pair.</summary>
    public IReadOnlyList<SimulatedPairDescription> Pairs { get; init; } = [];

    /// <summary>
    /// The directory in which paired hosts keep their state, which the processes of both use; relative to the document's. Null (the default): the document's
    /// own name with <c>.state</c> behind it.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>The number of virtual machines on all hosts.</summary>
    public int VirtualMachineCount => Hosts.Sum(host => host.VirtualMachines.Count);

    /// <summary>The host with that name (case does not matter), or null.</summary>
    public SimulatedHostDescription? FindHost(string name)
        => Hosts.FirstOrDefault(host => string.Equals(host.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The pair that a host is in (case does not matter), or null.</summary>
    public SimulatedPairDescription? FindPair(string host) => Pairs.FirstOrDefault(pair => pair.Has(host));

    /// <summary>The directory in which paired hosts keep their state.</summary>
    /// <param name="document">The path of the document that the estate was read from.</param>
    public string StateDirectoryOf(string document)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(document);
        var path = Path.GetFullPath(document);
        return StateDirectory is null ? path + ".state" : Path.Combine(Path.GetDirectoryName(path)!, StateDirectory);
    }
}
