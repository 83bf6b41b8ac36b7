namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>A volume of a simulated host.</summary>
public sealed record SimulatedVolumeDescription
{
    /// <summary>Where it is mounted, with a backslash at the end: <c>D:\</c> or <c>C:\ClusterStorage\Volume1\</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How large it is, in gigabytes (10^9 bytes). Default 1,000,000.</summary>
    public double CapacityGigabytes { get; init; } = 1_000_000;

    /// <summary>What is free, in gigabytes (10^9 bytes); at most <see cref="CapacityGigabytes"/>. Null (the default): half of it.</summary>
    public double? FreeGigabytes { get; init; }
}
