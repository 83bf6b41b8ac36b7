using HostAgent.HyperV.RecoveryPoints;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>A recovery point of a replica.</summary>
/// <param name="Machine">The replica.</param>
/// <param name="Id">The point's own identifier.</param>
/// <param name="Time">The moment it keeps.</param>
/// <param name="Type">Whether the guest's applications were quiet at that moment.</param>
/// <param name="Parent">The next older point, or null.</param>
internal sealed record RecoveryPoint(VirtualMachine Machine, Guid Id, DateTimeOffset Time, RecoveryPointType Type, RecoveryPoint? Parent)
{
    /// <summary>The key of its Msvm_VirtualSystemSettingData.</summary>
    public string InstanceId => "Microsoft:" + CimText.Guid(Id);
}
