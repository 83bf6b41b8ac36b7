namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>How primary servers may authenticate to a host, with the numbers of <c>AllowedAuthenticationType</c>.</summary>
public enum RecoveryServerAuthentication
{
    /// <summary>In no way.</summary>
    None = 0,

    /// <summary>With Kerberos.</summary>
    Kerberos = 1,

    /// <summary>With certificates.</summary>
    Certificate = 2,

    /// <summary>In both ways.</summary>
    Both = 3,
}
