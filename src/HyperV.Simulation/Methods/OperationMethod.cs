using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>Handles calls of one operation: the common part, then the operation's own decision.</summary>
internal sealed partial class OperationMethod(MachineOperation operation, ObjectModel model, ILogger logger) : ISimulatedMethod
{
    public CimMethod Declaration => operation.Declaration;

    /// <summary>A deterministic identifier for a job, or for a machine that the operation creates.</summary>
    public static Guid NewId(HostWorld world, VirtualMachine machine, string what) => SeededGuid.Create(
        world.Seed, what, CimText.Guid(machine.Id), world.Now.ToString(CultureInfo.InvariantCulture), world.Jobs.Count.ToString(CultureInfo.InvariantCulture));

    public bool IsOf(object target) => operation.IsOf(target);

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var machine = operation.MachineArgument is { } argument
            ? operation.Find is { } find ? find(world, inputs.GetValueOrDefault(argument)) : References.Find<VirtualMachine>(world, model, inputs.GetValueOrDefault(argument))
            : (VirtualMachine)target;
        var decision = Judge(world, machine, inputs);
        if (decision.Plan is null || machine is null)
        {
            commit(new CallRefused(world.NowTime, machine?.Id, decision.Code, $"{Declaration.Name}: {decision.Reason}", []));
            LogRefused(world.Description.Name, Declaration.Name, machine?.Id, (uint)decision.Code, decision.Reason);
            return MethodResults.With((uint)decision.Code, "Job", null);
        }

        // Removing a test failover machine is a job of its replica.
        var affected = machine.Replica is not null && decision.Plan.Ending.Change is { RemovesTestReplica: true } ? machine.Replica : machine;
        var jobId = NewId(world, affected, Declaration.Name);
        var faults = world.FaultCounters.Pending(world.Description, affected.Description, decision.JobType).ToList();
        var plan = faults.Aggregate(decision.Plan, (shaped, item) => item.Fault.Shape(shaped));
        commit(new OtherJobStarted(world.NowTime, jobId, affected.Id, decision.JobType, plan) { Strikes = [.. faults.Select(item => item.Name)] });
        LogAccepted(world.Description.Name, Declaration.Name, affected.Id, CimText.Guid(jobId));
        return Answer(world, jobId, decision);
    }

    private OperationDecision Judge(HostWorld world, VirtualMachine? machine, IReadOnlyDictionary<string, object?> inputs) => machine switch
    {
        null => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"{operation.MachineArgument} is not a virtual machine of this host"),
        _ when machine.Description.Faults.OfType<AccessDeniedFault>().Any()
            => OperationDecision.Refuse(ReturnCode.AccessDenied, "the caller has no access to the virtual machine"),
        { BusyJob: { } job } => OperationDecision.Refuse(
            ReturnCode.SystemInUse, $"job {CimText.Guid(job.Id)} of type {Numbered.Text(job.Type)} is running on the virtual machine"),
        _ => operation.Judge(new OperationCall(world, model, machine, inputs)),
    };

    private CimMethodResult Answer(HostWorld world, Guid jobId, OperationDecision decision)
    {
        var outputs = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["Job"] = model.PathOf(world, world.FindJob(jobId)!) };
        if (decision.Plan!.AtStart?.TestReplica is { } test)
        {
            outputs["ResultingSystem"] = model.PathOf(world, world.FindVirtualMachine(test)!);
        }

        return new CimMethodResult((uint)ReturnCode.JobStarted, outputs);
    }
}

/// <content>Log messages.</content>
internal sealed partial class OperationMethod
{
    [LoggerMessage(3111, LogLevel.Information, "Simulated host {Host} accepted {Method} for {VmId}: job {JobId}")]
    private partial void LogAccepted(string host, string method, Guid vmId, string jobId);

    [LoggerMessage(3112, LogLevel.Information, "Simulated host {Host} refused {Method} for {VmId} with {Code}: {Reason}")]
    private partial void LogRefused(string host, string method, Guid? vmId, uint code, string reason);
}
