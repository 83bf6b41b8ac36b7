namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>A certificate in a simulated host's computer store. Times count from the simulation's beginning, on the real clock.</summary>
public sealed record SimulatedCertificateDescription
{
    /// <summary>The name by which virtual machines of the estate refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>The DNS names it is for; the first is its subject too. Empty (the default): the host's full name, as the subject alone.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>In what time it becomes valid. Null (the default): it has been valid for long.</summary>
    public TimeSpan? StartsIn { get; init; }

    /// <summary>In what time it expires; negative for one that has expired. Default: 365 days.</summary>
    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromDays(365);

    /// <summary>What it may be used for; empty for a certificate that does not say, which is good for all. Default: for both.</summary>
    public IReadOnlyList<SimulatedCertificateUsage> Usages { get; init; } =
        [SimulatedCertificateUsage.ClientAuthentication, SimulatedCertificateUsage.ServerAuthentication];
}
