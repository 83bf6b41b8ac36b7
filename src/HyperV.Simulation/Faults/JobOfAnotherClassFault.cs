using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The job is no Msvm_ConcreteJob, though it is a CIM_ConcreteJob as every job is: who does not read it by the class in its path does not find it, and no
/// watch on Msvm_ConcreteJob tells of it. Estate kind: <c>jobOfAnotherClass</c>.
/// </summary>
public sealed record JobOfAnotherClassFault : Fault
{
    /// <summary>Its class. Default: Msvm_StorageJob.</summary>
    public SimulatedJobClass JobClass { get; init; } = SimulatedJobClass.StorageJob;

    internal override JobPlan Shape(JobPlan plan) => plan with { JobClass = JobClass };
}
