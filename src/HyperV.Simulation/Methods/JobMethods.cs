using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using Job = HostAgent.HyperV.Simulation.World.Job;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>Msvm_ConcreteJob.GetError and GetErrorEx: embedded errors, null when there are none.</summary>
/// <param name="name">The method.</param>
/// <param name="output">Its output parameter.</param>
/// <param name="shape">Converts the error's text to the output: the text itself or an array of it.</param>
internal sealed class JobGetErrorMethod(string name, string output, Func<string, object> shape) : ISimulatedMethod
{
    public static IReadOnlyList<ISimulatedMethod> Both { get; } =
    [
        new JobGetErrorMethod("GetError", "Error", text => text), new JobGetErrorMethod("GetErrorEx", "Errors", text => new[] { text }),
    ];

    public CimMethod Declaration { get; } = new(name, [new(output, CimType.String, IsArray: name == "GetErrorEx", IsOutput: true)]);

    public bool IsOf(object target) => target is Job;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.With(0, output, JobErrorText.Of(world, (Job)target) is { } text ? shape(text) : null);
}

/// <summary>Msvm_ConcreteJob.RequestStateChange: only terminating a job is supported.</summary>
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

        // A merge cannot be cancelled.
        (_, { IsCancellable: false }) => JobStateChangeCode.InvalidTransition,
        _ => JobStateChangeCode.TransitionStarted,
    };

    private static long? Number(object? value) => value is byte or sbyte or short or ushort or int or uint or long
        ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
        : null;
}

/// <summary>A job's error as the text of an embedded Msvm_Error.</summary>
internal static class JobErrorText
{
    private const uint CimStatusFailed = 1;

    /// <summary>The text; null when the job has no error.</summary>
    public static string? Of(HostWorld world, Job job)
    {
        if (SimulatedJobError.Of(job) is not { } error)
        {
            return null;
        }

        return HostXml.Write(new CimInstance(path: null, "Msvm_Error", new Dictionary<string, object?>
        {
            ["ErrorType"] = (ushort)4,
            ["OwningEntity"] = "Microsoft Hyper-V",
            ["MessageID"] = "33680",
            ["Message"] = HostLanguage.Text(world, error.Message),
            ["MessageArguments"] = new[] { job.Machine.Name, CimText.Guid(job.Machine.Id) },
            ["PerceivedSeverity"] = (ushort)(job.EndsWell ? 2 : 4),
            ["ProbableCause"] = (ushort)0,
            ["ErrorSource"] = new JobClass(job.ClassName).PathOf(world, job).ToString(),
            ["ErrorSourceFormat"] = (ushort)0,
            ["CIMStatusCode"] = CimStatusFailed,
            ["CIMStatusCodeDescription"] = HostLanguage.Text(world, error.Summary),
        }));
    }
}
