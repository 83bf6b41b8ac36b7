namespace HostAgent.Cli.Connection;

/// <summary>How to reach the coordinator, complete and checked.</summary>
/// <param name="Coordinator">Its address, https://host:port.</param>
/// <param name="Certificate">The operator's certificate, a PEM file.</param>
/// <param name="PrivateKey">The operator's private key, a PEM file.</param>
/// <param name="Authority">The certificate of the authority that the coordinator's certificate must come from, a PEM file.</param>
internal sealed record ConnectionSettings(Uri Coordinator, string Certificate, string PrivateKey, string Authority)
{
    /// <summary>The name that the coordinator must have in its certificate; null where its address must stand there.</summary>
    public string? CoordinatorName { get; init; }

    /// <summary>Whether TLS 1.2 is spoken beside TLS 1.3.</summary>
    public bool AllowTls12 { get; init; }
}
