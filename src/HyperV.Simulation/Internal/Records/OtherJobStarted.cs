using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>A job of another kind than failback began on a virtual machine.</summary>
internal sealed record OtherJobStarted(DateTimeOffset Time, Guid JobId, Guid VirtualMachineId, JobType JobType, JobPlan Plan) : StateRecord(Time);
