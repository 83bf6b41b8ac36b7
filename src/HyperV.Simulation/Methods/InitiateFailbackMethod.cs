using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>Msvm_ReplicationService.InitiateFailback.</summary>
internal sealed partial class InitiateFailbackMethod(FailbackChecks checks, ObjectModel model, ILogger logger) : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find("InitiateFailback")!;

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var request = FailbackRequest.Read(world, model, inputs);
        if (checks.FirstRefusal(world, request) is { } found)
        {
            return Refuse(world, request, found.Check, found.Refusal, commit);
        }

        var machine = request.Machine!;
        var faults = world.FaultCounters.Pending(world.Description, machine.Description).ToList();
        return faults.Find(item => item.Fault.Answer is not null) is { Fault.Answer: { } answer } fault
            ? AnswerInstead(world, request, answer, fault.Name, commit)
            : Accept(world, request, faults, commit);
    }

    private static Guid NewJobId(HostWorld world, int number) => SeededGuid.Create(
        world.Seed, "job", world.Description.Name, world.Began.UtcTicks.ToString(CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture));

    private CimMethodResult Refuse(
        HostWorld world, FailbackRequest request, FailbackCheck check, Refusal refusal, Action<StateRecord> commit)
    {
        commit(new CallRefused(world.NowTime, request.Machine?.Id, refusal.Code, $"{check}: {refusal.Reason}", []));
        LogRefused(world.Description.Name, request.Machine?.Id, (uint)refusal.Code, check, refusal.Reason);
        return refusal.ErrorCode is { } hresult
            ? throw new CimException(hresult, $"InitiateFailback: {refusal.Reason}.")
            : MethodResults.With((uint)refusal.Code, "Job", null);
    }

    private CimMethodResult AnswerInstead(
        HostWorld world, FailbackRequest request, FaultAnswer answer, string fault, Action<StateRecord> commit)
    {
        var machine = request.Machine!;
        commit(answer.TakesEffect
            ? NewInitiation(world, request, jobId: null, plan: null, [fault])
            : new CallRefused(world.NowTime, machine.Id, answer.Code, $"fault {fault}", [fault]));
        LogAnsweredByFault(world.Description.Name, machine.Id, (uint)answer.Code, fault);
        return MethodResults.With((uint)answer.Code, "Job", null);
    }

    private CimMethodResult Accept(
        HostWorld world, FailbackRequest request, List<(string Name, Fault Fault)> faults, Action<StateRecord> commit)
    {
        var machine = request.Machine!;
        var plan = faults.Aggregate(
            FailbackWork.Plan(world.Description, machine.Description, machine.ReplicationState), (shaped, item) => item.Fault.Shape(shaped));
        var jobId = NewJobId(world, world.Initiations.Count + 1);
        var initiation = NewInitiation(world, request, jobId, plan, [.. faults.Select(item => item.Name)]);
        commit(initiation);
        if (faults.Find(item => item.Fault.IsAnotherCallers) is { Name: { } raced })
        {
            LogAnsweredByFault(world.Description.Name, machine.Id, (uint)ReturnCode.SystemInUse, raced);
            return MethodResults.With((uint)ReturnCode.SystemInUse, "Job", null);
        }

        LogAccepted(world.Description.Name, machine.Id, CimText.Guid(jobId), initiation.Number, initiation.NumberOfVirtualMachine);
        return faults.Exists(item => item.Fault.LosesAnswer)
            ? throw new CimException(CimErrorCode.RpcCallFailed, "InitiateFailback: the connection broke before the answer arrived.")
            : MethodResults.With((uint)ReturnCode.JobStarted, "Job", model.PathOf(world, world.FindJob(jobId)!));
    }

    private static FailbackInitiated NewInitiation(
        HostWorld world, FailbackRequest request, Guid? jobId, JobPlan? plan, IReadOnlyList<string> strikes) => new(
            world.NowTime,
            world.Initiations.Count + 1,
            request.Machine!.Id,
            world.InitiationsOf(request.Machine.Id) + 1,
            jobId,
            request.RecoveryPointId,
            plan,
            strikes);
}
