using System.Threading.Channels;
using HostAgent.HyperV;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Jobs;

/// <summary>
/// The one watch on the host's jobs, for all operations. Each look is one listing of the jobs, now and then one of the machines,
/// however many operations and watchers there are; nothing is asked while no operation is at work. The host's own events only
/// hint at looking sooner: looking decides.
/// </summary>
internal sealed partial class JobWatch(HyperVHost host, HostTiming timing, TimeProvider time, ILogger<JobWatch> logger) : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly HashSet<JobSubscription> _followings = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;
    private long _lastMachineLook;
    private bool _machinesWanted;
    private long? _lostSince;

    /// <summary>Follows an operation's job, or only its machine when it has none, until disposed.</summary>
    /// <param name="machine">The operation's machine.</param>
    /// <param name="jobPath">Its job; null when none is known.</param>
    /// <param name="see">Called after each look; must be quick and must not throw.</param>
    public JobSubscription Follow(VirtualMachineId machine, CimObjectPath? jobPath, Action<JobObservation> see)
    {
        var following = new JobSubscription(this, machine, jobPath, see);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _followings.Add(following);
            _machinesWanted = true;
            _loop ??= Task.Run(() => RunAsync(_stop.Token));
        }

        _wake.Writer.TryWrite(true);
        return following;
    }

    /// <summary>Ends the watch; followed jobs go on at the host.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? loop;
        lock (_gate)
        {
            _stop.Cancel();
            loop = _loop;
        }

        if (loop is not null)
        {
            await loop;
        }

        _stop.Dispose();
    }

    internal void Unsubscribe(JobSubscription following)
    {
        lock (_gate)
        {
            _followings.Remove(following);
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _wake.Reader.ReadAsync(stop);
                await FollowAllAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The watch was disposed.
        }
    }

    // Runs from the first following until there is none left.
    private async Task FollowAllAsync(CancellationToken stop)
    {
        using var hinting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var hints = HintAsync(hinting.Token);
        var pause = timing.ShortestPoll;
        try
        {
            while (Followings() is { Length: > 0 } followings)
            {
                pause = await LookAsync(followings, stop) switch
                {
                    Look.Changed => timing.ShortestPoll,
                    Look.Still => Shorter(pause * 1.5, timing.LongestPoll),
                    _ => Shorter(pause * 2, LongestPause),
                };
                await PauseAsync(pause, stop);
            }
        }
        finally
        {
            await hinting.CancelAsync();
            await hints;
        }
    }

    // A hint ends the pause, but never makes it shorter than the shortest.
    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(timing.ShortestPoll, time, stop);
        var rest = pause - timing.ShortestPoll;
        if (rest > TimeSpan.Zero)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(Task.Delay(rest, time, either.Token), _wake.Reader.WaitToReadAsync(either.Token).AsTask());
            await either.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }

        _wake.Reader.TryRead(out _);
    }

    private async Task<Look> LookAsync(JobSubscription[] followings, CancellationToken stop)
    {
        try
        {
            using var deadline = new CancellationTokenSource(timing.CallDeadline, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
            return await LookOnceAsync(followings, both.Token);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            _lostSince ??= time.GetTimestamp();
            LogHostNotSeen(e, followings.Length, time.GetElapsedTime(_lostSince.Value));
            return Look.Failed;
        }
    }

    private async Task<Look> LookOnceAsync(JobSubscription[] followings, CancellationToken cancellationToken)
    {
        // Jobs first: a machine's state is then never older than what is known of its job.
        Dictionary<CimObjectPath, ConcreteJob> jobs = [];
        if (Array.Exists(followings, following => following.JobPath is not null))
        {
            foreach (var job in await host.ListJobsAsync(cancellationToken))
            {
                jobs[job.Path] = job;
            }
        }

        var machines = MachinesDue(followings) ? await ReadMachinesAsync(cancellationToken) : null;
        var outOfSight = _lostSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        _lostSince = null;
        var changed = false;
        foreach (var following in followings)
        {
            ConcreteJob? job = null;
            var gone = false;
            if (following.JobPath is { } path && !jobs.TryGetValue(path, out job))
            {
                try
                {
                    // A listing without the job proves nothing (its class may be another one): the path does.
                    job = await host.GetJobAsync(path, cancellationToken);
                    gone = job is null;
                }
                catch (Exception e) when (e is CimDataException || (e is CimException refused && !CimErrorCode.IsTransient(refused.ErrorCode)))
                {
                    // One job that cannot be read must not hide the others.
                    LogJobNotRead(e, path, following.Machine);
                    continue;
                }
            }

            changed |= following.Remember(job, gone);
            following.OnObserved(new JobObservation
            {
                Job = job,
                JobGone = gone,
                MachinesRead = machines is not null,
                Machine = machines?.GetValueOrDefault(following.Machine),
                OutOfSight = outOfSight,
            });
        }

        return changed ? Look.Changed : Look.Still;
    }

    private bool MachinesDue(JobSubscription[] followings)
    {
        bool wanted;
        lock (_gate)
        {
            (wanted, _machinesWanted) = (_machinesWanted, false);
        }

        return wanted || Array.Exists(followings, following => following.JobPath is null)
            || time.GetElapsedTime(_lastMachineLook) >= timing.MachinePoll;
    }

    private async Task<Dictionary<VirtualMachineId, VirtualMachine>> ReadMachinesAsync(CancellationToken cancellationToken)
    {
        var machines = await host.ListVirtualMachinesAsync(cancellationToken);
        _lastMachineLook = time.GetTimestamp();
        return machines.ToDictionary(machine => machine.Id);
    }

    private async Task HintAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var _ in host.WatchJobsAsync(timing.EventWindow, cancellationToken))
                {
                    _wake.Writer.TryWrite(true);
                }

                await Task.Delay(LongestPause, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogHintsLost(e);
                await Task.Delay(LongestPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private JobSubscription[] Followings()
    {
        lock (_gate)
        {
            return [.. _followings];
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private enum Look
    {
        Changed,
        Still,
        Failed,
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning,
        Message = "The host could not be asked for the jobs of {Operations} operations, out of sight for {OutOfSight}; they go on at the host")]
    private partial void LogHostNotSeen(Exception exception, int operations, TimeSpan outOfSight);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Job {JobPath} of machine {VmId} could not be read")]
    private partial void LogJobNotRead(Exception exception, CimObjectPath jobPath, VirtualMachineId vmId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The host's events about jobs ended; polling goes on without them")]
    private partial void LogHintsLost(Exception exception);
}
