namespace HostAgent.HyperV.Simulation;

/// <summary>A copy of what the host has counted: the InitiateFailback calls that took effect, over its whole life.</summary>
/// <param name="All">Every accepted call, oldest first.</param>
public sealed record InitiationCount(IReadOnlyList<Initiation> All)
{
    /// <summary>How many calls took effect on the host.</summary>
    public int Total => All.Count;

    /// <summary>How many calls took effect for one virtual machine.</summary>
    public int For(Guid virtualMachineId) => All.Count(initiation => initiation.VirtualMachineId == virtualMachineId);
}
