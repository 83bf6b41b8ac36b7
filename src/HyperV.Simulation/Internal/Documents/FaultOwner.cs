namespace HostAgent.HyperV.Simulation.Internal.Documents;

/// <summary>What a fault is a switch of.</summary>
internal enum FaultOwner
{
    /// <summary>One virtual machine.</summary>
    VirtualMachine,

    /// <summary>A host.</summary>
    Host,
}
