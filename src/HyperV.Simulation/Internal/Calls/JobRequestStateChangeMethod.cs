using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;
using Job = HostAgent.HyperV.Simulation.Internal.World.Job;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Msvm_ConcreteJob.RequestStateChange: only ending a job is supported.</summary>
internal sealed class JobRequestStateChangeMethod : ISimulatedMethod
{
    private const long Start = 2;
    private const long Suspend = 3;
    private const long Terminate = 4;
    private const long Kill = 5;
    private const long Service = 6;

    public CimMethod Declaration { get; } = new("RequestStateChange", [new("RequestedState", CimType.UInt16), new("TimeoutPeriod", CimType.DateTime)]);

    public bool IsOf(object target) => target is Job;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var job = (Job)target;
        var answer = Judge(job, Number(inputs.GetValueOrDefault("RequestedState")), inputs.GetValueOrDefault("TimeoutPeriod"));
        if (answer is JobStateChangeCode.TransitionStarted)
        {
            commit(new JobTerminationAccepted(world.NowTime, job.Id));
        }

        return MethodResults.Code((uint)answer);
    }

    private static JobStateChangeCode Judge(Job job, long? requestedState, object? timeout) => (requestedState, job) switch
    {
        (not (Start or Suspend or Terminate or Kill or Service), _) => JobStateChangeCode.InvalidParameter,
        _ when timeout is not null => JobStateChangeCode.TimeoutParameterNotSupported,
        (_, { IsTerminal: true }) => JobStateChangeCode.InvalidTransition,
        (Start or Suspend or Service, _) => JobStateChangeCode.NotSupported,
        (_, { State: JobState.ShuttingDown }) => JobStateChangeCode.Busy,

        // Past the merge there is no way back.
        (_, { IsCancellable: false }) => JobStateChangeCode.InvalidTransition,
        _ => JobStateChangeCode.TransitionStarted,
    };

    private static long? Number(object? value) => value is byte or sbyte or short or ushort or int or uint or long
        ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
        : null;
}
