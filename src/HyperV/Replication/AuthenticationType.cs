namespace HostAgent.HyperV.Replication;

/// <summary>How the two sides of a relationship authenticate, with the host's numbers.</summary>
public enum AuthenticationType
{
    /// <summary>Kerberos over HTTP.</summary>
    Kerberos = 1,

    /// <summary>Certificates over HTTPS.</summary>
    Certificate = 2,
}
