namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Who replicates a virtual machine.</summary>
public enum ReplicationProviderKind
{
    /// <summary>A third party's provider, registered as a COM class: it carries out failback unless told otherwise.</summary>
    External,

    /// <summary>Hyper-V's own host-to-host provider: it answers InitiateFailback with 32770 unless told otherwise.</summary>
    InBox,
}
