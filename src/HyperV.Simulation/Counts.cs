namespace HostAgent.HyperV.Simulation;

/// <summary>How often a host's namespace was called: what a client's polling costs.</summary>
/// <param name="Reads">Instances read by path.</param>
/// <param name="Lists">Classes listed.</param>
/// <param name="Associations">Associations followed.</param>
/// <param name="Methods">Methods invoked.</param>
/// <param name="WatchLooks">Looks that the host itself took at a class for its watches; watches of one class share them.</param>
public sealed record CallCount(long Reads, long Lists, long Associations, long Methods, long WatchLooks)
{
    /// <summary>The calls that clients made.</summary>
    public long Total => Reads + Lists + Associations + Methods;
}

/// <summary>A copy of what the host has counted: the InitiateFailback calls that took effect, over its whole life.</summary>
/// <param name="All">Every accepted call, oldest first.</param>
public sealed record InitiationCount(IReadOnlyList<Initiation> All)
{
    /// <summary>How many calls took effect on the host.</summary>
    public int Total => All.Count;

    /// <summary>How many calls took effect for one virtual machine.</summary>
    public int For(Guid virtualMachineId) => All.Count(initiation => initiation.VirtualMachineId == virtualMachineId);
}

/// <summary>One InitiateFailback call that the host accepted and that took effect.</summary>
/// <param name="Number">Its place among all accepted calls of the host, from 1.</param>
/// <param name="Time">When it was accepted.</param>
/// <param name="VirtualMachineId">The virtual machine that goes back.</param>
/// <param name="JobId">The InstanceID of its Msvm_ConcreteJob, or null where the host answered 0 without a job.</param>
/// <param name="RecoveryPointId">The recovery point asked for, or null for the latest.</param>
public sealed record Initiation(int Number, DateTimeOffset Time, Guid VirtualMachineId, string? JobId, string? RecoveryPointId);
