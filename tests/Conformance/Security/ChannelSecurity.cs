namespace HostAgent.Conformance.Security;

/// <summary>What lies between HTTP/2 and TCP.</summary>
public enum ChannelSecurity
{
    /// <summary>Nothing: HTTP/2 with prior knowledge.</summary>
    Plaintext,

    /// <summary>TLS with a server certificate of our authority; the client has none.</summary>
    Tls,

    /// <summary>TLS with certificates on both sides, through the product's own doors.</summary>
    MutualTls,
}
