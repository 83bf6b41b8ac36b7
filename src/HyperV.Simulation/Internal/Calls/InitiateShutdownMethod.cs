using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Operations;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Msvm_ShutdownComponent.InitiateShutdown: asks the guest to shut down. The answer says that it was asked, not that it is off.</summary>
internal sealed class InitiateShutdownMethod : ISimulatedMethod
{
    /// <summary>A shutdown is going on; the component's methods alone have this code.</summary>
    private const uint ShutdownInProgress = 32782;

    public CimMethod Declaration { get; } = new("InitiateShutdown", [new("Force", CimType.Boolean), new("Reason", CimType.String)]);

    public bool IsOf(object target) => target is ShutdownComponent;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var machine = ((ShutdownComponent)target).Machine;
        var code = Judge(machine, inputs);
        if (code == (uint)ReturnCode.Completed)
        {
            commit(new OtherJobStarted(
                world.NowTime, OperationMethod.NewId(world, machine, Declaration.Name), machine.Id, JobType.ShutDownVirtualMachine, OperationPlans.ShutDown(machine)));
        }
        else
        {
            commit(new CallRefused(world.NowTime, machine.Id, (ReturnCode)code, $"{Declaration.Name}: the virtual machine is {Numbered.Text(machine.Power)}", []));
        }

        return MethodResults.Code(code);
    }

    private static uint Judge(World.VirtualMachine machine, IReadOnlyDictionary<string, object?> inputs) => machine switch
    {
        _ when machine.Description.Faults.OfType<AccessDeniedFault>().Any() => (uint)ReturnCode.AccessDenied,
        _ when inputs.GetValueOrDefault("Force") is not bool || inputs.GetValueOrDefault("Reason") is not string => (uint)ReturnCode.InvalidParameter,
        { Power: EnabledState.Stopping } => ShutdownInProgress,
        { Power: not EnabledState.Running } => (uint)ReturnCode.InvalidState,
        { BusyJob: not null } => (uint)ReturnCode.SystemInUse,
        _ => (uint)ReturnCode.Completed,
    };
}
