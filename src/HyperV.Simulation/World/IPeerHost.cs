namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host at the other end of a replication link, as this one reaches it.</summary>
internal interface IPeerHost
{
    /// <summary>Whether it answers now.</summary>
    bool IsReachable { get; }

    /// <summary>The same machine there, or null when it has none.</summary>
    VirtualMachine? Find(Guid id);

    /// <summary>Sends it a change of its machine, which it makes at the present moment.</summary>
    void Send(Guid machine, MachineChange change);
}
