using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Readiness;

/// <summary>
/// Has the host test the connection to the primary side. Only for the in-box provider: an external one ignores these settings.
/// If the host answers with a job, the job is polled a few times only: a preflight should not wait longer.
/// </summary>
internal sealed class ConnectionProbe(ReplicationServiceCaller service, JobReader jobs, TimeProvider time)
{
    private const int Looks = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The result of the test; null when none was made.</summary>
    public async Task<ConnectionTrial?> TryAsync(VirtualMachine machine, CancellationToken cancellationToken)
    {
        return machine.ReplicationSettings is { IsExternalProvider: false } settings && ReplicaConnection.ToPrimary(settings) is { } connection
            ? await TryAsync(connection, cancellationToken)
            : null;
    }

    /// <summary>The result of the test; null when the host offers none.</summary>
    public async Task<ConnectionTrial?> TryAsync(ReplicaConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await service.TestConnectionAsync(connection, cancellationToken);
            return answer switch
            {
                { Code: ReturnCode.Completed } => new ConnectionTrial(connection, Reached: true, "the host reached it"),
                { Code: ReturnCode.JobStarted, Job: { } job } => await FollowAsync(connection, job, cancellationToken),
                _ => new ConnectionTrial(connection, Reached: false, $"the host answered {Numbered.Text(answer.Code)}: {answer.Meaning.Text}"),
            };
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.MethodNotImplemented or CimErrorCode.InvalidMethod)
        {
            return null;
        }
    }

    private async Task<ConnectionTrial> FollowAsync(ReplicaConnection connection, CimObjectPath path, CancellationToken cancellationToken)
    {
        for (var look = 0; look < Looks; look++)
        {
            switch (await jobs.GetAsync(path, cancellationToken))
            {
                case null:
                    return new ConnectionTrial(connection, Reached: null, "the host's job was gone before its result could be read");
                case { Verdict: JobVerdict.Succeeded or JobVerdict.SucceededWithWarnings }:
                    return new ConnectionTrial(connection, Reached: true, "the host reached it");
                case { IsTerminal: true } job:
                    return new ConnectionTrial(connection, Reached: false, job.ErrorDescription ?? $"the host's job ended {Numbered.Text(job.State)}");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return new ConnectionTrial(connection, Reached: null, "the test was still running");
    }
}

/// <summary>The result of a connection test to the primary side.</summary>
/// <param name="Connection">The connection tested.</param>
/// <param name="Reached">Whether the host connected; null when the job has no result yet.</param>
/// <param name="Observed">The host's answer as text.</param>
internal sealed record ConnectionTrial(ReplicaConnection Connection, bool? Reached, string Observed);
