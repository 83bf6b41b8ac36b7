using System.Runtime.CompilerServices;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Jobs;

/// <summary>Reads, watches and terminates jobs.</summary>
internal sealed class JobReader(ICimSession session)
{
    private const ushort Terminate = 4;

    public async Task<ConcreteJob?> GetAsync(CimObjectPath path, CancellationToken cancellationToken)
        => await session.GetInstanceAsync(path, cancellationToken) is { } instance ? Read(instance, path) : null;

    public async Task<IReadOnlyList<ConcreteJob>> ListAsync(CimObjectPath machine, CancellationToken cancellationToken)
    {
        var instances = await session.ListAssociatorsAsync(
            machine, HyperVClasses.AffectedJobElement, HyperVClasses.AnyConcreteJob, cancellationToken);
        return [.. instances.Select(i => Read(i, i.Path)).OrderBy(j => j.TimeSubmitted).ThenBy(j => j.InstanceId, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<ConcreteJob>> ListAsync(CancellationToken cancellationToken)
    {
        var instances = await session.ListInstancesAsync(HyperVClasses.ConcreteJob, [], cancellationToken);
        // One malformed job must not hide the others; reading it by its path reports what is wrong with it.
        return [.. instances.Where(i => i.GetString("InstanceID") is not null && i.GetInteger("JobState") is not null).Select(i => Read(i, i.Path))];
    }

    public async IAsyncEnumerable<JobEvent> WatchAsync(TimeSpan within, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in session.WatchInstancesAsync(HyperVClasses.ConcreteJob, within, cancellationToken))
        {
            yield return new JobEvent(change.Kind, Read(change.Instance, change.Instance.Path));
        }
    }

    public async Task<IReadOnlyList<JobError>> GetErrorsAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await session.InvokeMethodAsync(path, "GetErrorEx", new Dictionary<string, object?>(), cancellationToken);
            return JobErrorReader.Read(result.Outputs.GetValueOrDefault("Errors"), path.ClassName, "GetErrorEx.Errors");
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            return [];
        }
    }

    // The timeout argument is omitted: the method answers 4098 when it is given.
    public async Task<JobStateChangeAnswer> TerminateAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await session.InvokeMethodAsync(
                path, "RequestStateChange", new Dictionary<string, object?> { ["RequestedState"] = Terminate }, cancellationToken);
            return new JobStateChangeAnswer((JobStateChangeCode)result.ReturnValue);
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            return new JobStateChangeAnswer(Code: null);
        }
    }

    private static ConcreteJob Read(CimInstance instance, CimObjectPath? path)
    {
        var id = instance.GetString("InstanceID") ?? throw new CimDataException(instance.ClassName, "InstanceID", "it is missing");
        var state = instance.GetInteger("JobState") ?? throw new CimDataException(instance.ClassName, "JobState", $"the job {id} has none");
        return new ConcreteJob
        {
            Path = path ?? CimObjectPath.ForKey(instance.ClassName, "InstanceID", id),
            ClassName = instance.ClassName,
            InstanceId = id,
            State = (JobState)state,
            PercentComplete = instance.GetInteger("PercentComplete") is { } percent ? (int)Math.Clamp(percent, 0, 100) : null,
            Caption = instance.GetString("Caption"),
            Status = instance.GetString("JobStatus"),
            ErrorCode = (uint)(instance.GetInteger("ErrorCode") ?? 0),
            ErrorDescription = instance.GetString("ErrorDescription"),
            ErrorSummary = instance.GetString("ErrorSummaryDescription"),
            Cancellable = instance.GetBoolean("Cancellable") ?? false,
            JobType = (JobType?)instance.GetInteger("JobType"),
            TimeSubmitted = instance.GetDateTime("TimeSubmitted"),
            StartTime = instance.GetDateTime("StartTime"),
            TimeOfLastStateChange = instance.GetDateTime("TimeOfLastStateChange"),
            ElapsedTime = instance.GetInterval("ElapsedTime"),
            TimeBeforeRemoval = instance.GetInterval("TimeBeforeRemoval"),
        };
    }
}

/// <summary>Reads embedded Msvm_Error instances.</summary>
internal static class JobErrorReader
{
    // Operators see the error in any form: text that is not an instance is still the host's message.
    public static IReadOnlyList<JobError> Read(object? output, string className, string parameter) => EmbeddedInstances.Read(
        output, (className, parameter), ReadOne,
        text => new JobError(text, MessageId: null, ErrorSource: null, CimStatusCode: null, PerceivedSeverity: null, RecommendedActions: []));

    private static JobError ReadOne(CimInstance error) => new(
        error.GetString("Message") ?? string.Empty,
        error.GetString("MessageID"),
        error.GetString("ErrorSource"),
        (uint?)error.GetInteger("CIMStatusCode"),
        (int?)error.GetInteger("PerceivedSeverity"),
        error["RecommendedActions"] is string?[] actions ? [.. actions.OfType<string>()] : []);
}
