using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using EnabledState = HostAgent.HyperV.VirtualMachines.EnabledState;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>Msvm_ShutdownComponent.InitiateShutdown: asks the guest to shut down. The answer means that the guest was asked, not that it is off.</summary>
internal sealed class InitiateShutdownMethod : ISimulatedMethod
{
    /// <summary>A shutdown is in progress; only this component's methods use this code.</summary>
    private const uint ShutdownInProgress = 32782;

    public CimMethod Declaration { get; } = new("InitiateShutdown", [new("Force", CimType.Boolean), new("Reason", CimType.String)]);

    public bool IsOf(object target) => target is ShutdownComponent;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var machine = ((ShutdownComponent)target).Machine;
        var code = Judge(machine, inputs);
        if (code == (uint)ReturnCode.Completed && machine.Description.Guest.IgnoresShutdown)
        {
            commit(new CallRefused(world.NowTime, machine.Id, ReturnCode.Completed, $"{Declaration.Name}: the guest ignores it", []));
        }
        else if (code == (uint)ReturnCode.Completed)
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
        { Power: not EnabledState.Running } or { Description.Guest: { IntegrationServices: false } or { BootFails: true } } => (uint)ReturnCode.InvalidState,
        { BusyJob: not null } => (uint)ReturnCode.SystemInUse,
        _ => (uint)ReturnCode.Completed,
    };
}

/// <summary>RequestStateChange of a virtual machine: its power state.</summary>
internal static class PowerRequests
{
    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfMachine(
            new CimMethod(
                "RequestStateChange",
                [new("RequestedState", CimType.UInt16), new("Job", CimType.Reference, IsOutput: true), new("TimeoutPeriod", CimType.DateTime)]),
            ChangePower),
        MachineOperation.OfService<VirtualSystemManagementService>(
            new CimMethod("ModifySystemSettings", [new(SystemSettingsArgument, CimType.String), new("Job", CimType.Reference, IsOutput: true)]), SystemSettingsArgument, ModifySettings)
            with { Find = (world, text) => ReadSettings(text, out _) is { } settings ? SystemSettingsClass.MachineOf(world, settings.GetString("InstanceID")) : null },
    ];

    private const string SystemSettingsArgument = "SystemSettings";

    // Only what the host does with the machine when it starts, and when, can be changed; everything else is as described.
    private static OperationDecision ModifySettings(OperationCall call) => ReadSettings(call.Inputs.GetValueOrDefault(SystemSettingsArgument), out var refusal) switch
    {
        null => refusal!,
        var settings => (settings.GetInteger("AutomaticStartupAction"), settings["AutomaticStartupActionDelay"]) switch
        {
            (not null and not (>= 2 and <= 4) and var other, _) => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"AutomaticStartupAction is {other}; it must be 2, 3 or 4"),
            (_, not null and not TimeSpan) => OperationDecision.Refuse(ReturnCode.InvalidParameter, "AutomaticStartupActionDelay is a point in time; it must be an interval"),
            var (action, delay) => OperationDecision.Start(
                JobType.ModifyVirtualMachine,
                OperationPlans.Timed(call.Machine, 1, new MachineChange { StartupAction = (int?)action, StartupDelaySeconds = (delay as TimeSpan?)?.TotalSeconds })),
        },
    };

    private static CimInstance? ReadSettings(object? text, out OperationDecision? refusal)
        => EmbeddedArgument.Read(text as string, given => CimXmlText.Read(given), out refusal);

    private static OperationDecision ChangePower(OperationCall call) => (call.Number("RequestedState"), call.Machine) switch
    {
        (2, { Power: EnabledState.Off or EnabledState.Saved or EnabledState.Paused }) => PowerLock.Of(call.Machine) is { } why
            ? OperationDecision.InvalidState(why)
            : StartObstacle.Of(call.Machine, call.World) is { } obstacle
            ? FailingStart(call, obstacle)
            : Power(
                call, call.Machine.Power == EnabledState.Saved ? JobType.RestoreVirtualMachine : JobType.StartVirtualMachine, 10, EnabledState.Starting, EnabledState.Running),
        (3, { Power: not EnabledState.Off }) => Power(call, JobType.PowerOffVirtualMachine, 2, EnabledState.Stopping, EnabledState.Off),
        (4, { Power: EnabledState.Running }) => OperationDecision.Start(JobType.ShutDownVirtualMachine, OperationPlans.ShutDown(call.Machine)),
        (6, { Power: EnabledState.Running or EnabledState.Paused }) => Power(call, JobType.SaveVirtualMachine, 15, EnabledState.Saving, EnabledState.Saved),
        (9, { Power: EnabledState.Running }) => Power(call, JobType.ModifyVirtualMachine, 1, EnabledState.Pausing, EnabledState.Paused),
        (10 or 11, { Power: EnabledState.Running }) => Power(call, JobType.ModifyVirtualMachine, 10, EnabledState.Reset, EnabledState.Running),
        (2 or 3 or 4 or 6 or 9 or 10 or 11, _) => OperationDecision.InvalidState($"the virtual machine is {Numbered.Text(call.Machine.Power)}"),
        (var other, _) => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"RequestedState is {other}; it must be 2, 3, 4, 6, 9, 10 or 11"),
    };

    private static OperationDecision FailingStart(OperationCall call, string obstacle)
    {
        var plan = OperationPlans.Timed(call.Machine, 5, new MachineChange(), new MachineChange { Power = EnabledState.Starting });
        return OperationDecision.Start(JobType.StartVirtualMachine, plan with
        {
            Ending = new JobEnding(EndingKind.Ends)
            {
                JobState = JobState.Exception,
                ErrorCode = 32768,
                ErrorDescription = $"'{call.Machine.Name}' failed to start: {obstacle}.",
                Change = plan.AfterCancel,
            },
        });
    }

    private static OperationDecision Power(OperationCall call, JobType type, double seconds, EnabledState during, EnabledState after)
        => OperationDecision.Start(type, OperationPlans.Timed(
            call.Machine, seconds, new MachineChange { Power = after }, new MachineChange { Power = during }));
}
