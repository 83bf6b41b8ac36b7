
namespace HostAgent.HyperV.Simulation.World;

/// <summary>How often a host's namespace was called: the cost of a client's polling.</summary>
/// <param name="Reads">Instances read by path.</param>
/// <param name="Lists">Classes listed.</param>
/// <param name="Associations">Associations followed.</param>
/// <param name="Methods">Methods invoked.</param>
/// <param name="WatchLooks">Polls of a class by the host itself for its watches; watches of one class share them.</param>
public sealed record CallCount(long Reads, long Lists, long Associations, long Methods, long WatchLooks)
{
    /// <summary>Calls made by clients.</summary>
    public long Total => Reads + Lists + Associations + Methods;
}

/// <summary>A copy of the host's own count: the InitiateFailback calls that took effect, since the host was created.</summary>
/// <param name="All">Every accepted call, oldest first.</param>
public sealed record InitiationCount(IReadOnlyList<Initiation> All)
{
    /// <summary>Number of calls that took effect on the host.</summary>
    public int Total => All.Count;

    /// <summary>Number of calls that took effect for one virtual machine.</summary>
    public int For(Guid virtualMachineId) => All.Count(initiation => initiation.VirtualMachineId == virtualMachineId);
}

/// <summary>One accepted InitiateFailback call that took effect.</summary>
/// <param name="Number">Its number among the host's accepted calls, from 1.</param>
/// <param name="Time">When it was accepted.</param>
/// <param name="VirtualMachineId">The virtual machine being failed back.</param>
/// <param name="JobId">The InstanceID of its Msvm_ConcreteJob, or null when the host answered 0 without a job.</param>
/// <param name="RecoveryPointId">The requested recovery point, or null for the latest.</param>
public sealed record Initiation(int Number, DateTimeOffset Time, Guid VirtualMachineId, string? JobId, string? RecoveryPointId);
