using System.Threading.Channels;
using HostAgent.HyperV;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Jobs;

/// <summary>
/// The one watch on the host's jobs, for all operations. Each poll is one listing of the jobs, sometimes one of the machines,
/// however many operations and watchers there are; the host is not polled while no operation runs. The host's own events only
/// trigger an earlier poll: the poll decides.
/// </summary>
internal sealed partial class JobWatch(HyperVHost host, HostTiming timing, TimeProvider time, ILogger<JobWatch> logger) : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly HashSet<JobSubscription> _subscriptions = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;
    private long _lastMachinePoll;
    private bool _machinesWanted;
    private long? _lostSince;

    /// <summary>Follows an operation's job, or only its machine when it has none, until disposed of.</summary>
    /// <param name="machine">The operation's machine.</param>
    /// <param name="jobPath">Its job; null when none is known.</param>
    /// <param name="onObserved">Called after each poll; must be quick and must not throw.</param>
    public JobSubscription Follow(VirtualMachineId machine, CimObjectPath? jobPath, Action<JobObservation> onObserved)
    {
        var subscription = new JobSubscription(this, machine, jobPath, onObserved);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _subscriptions.Add(subscription);
            _machinesWanted = true;
            _loop ??= Task.Run(() => RunAsync(_stop.Token));
        }

        _wake.Writer.TryWrite(true);
        return subscription;
    }

    /// <summary>Ends the watch; the jobs continue on the host.</summary>
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

    internal void Unsubscribe(JobSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _wake.Reader.ReadAsync(cancellationToken);
                await PollAllAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The watch was disposed.
        }
    }

    // Runs while there are subscriptions.
    private async Task PollAllAsync(CancellationToken cancellationToken)
    {
        using var hinting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hints = HintAsync(hinting.Token);
        var pause = timing.ShortestPoll;
        try
        {
            while (Subscriptions() is { Length: > 0 } subscriptions)
            {
                pause = await PollAsync(subscriptions, cancellationToken) switch
                {
                    Poll.Changed => timing.ShortestPoll,
                    Poll.Still => Shorter(pause * 1.5, timing.LongestPoll),
                    _ => Shorter(pause * 2, LongestPause),
                };
                await PauseAsync(pause, cancellationToken);
            }
        }
        finally
        {
            await hinting.CancelAsync();
            await hints;
        }
    }

    // An event ends the pause, but never before the shortest one.
    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.Delay(timing.ShortestPoll, time, cancellationToken);
        var rest = pause - timing.ShortestPoll;
        if (rest > TimeSpan.Zero)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.Delay(rest, time, either.Token), _wake.Reader.WaitToReadAsync(either.Token).AsTask());
            await either.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        _wake.Reader.TryRead(out _);
    }

    private async Task<Poll> PollAsync(JobSubscription[] subscriptions, CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = new CancellationTokenSource(timing.CallDeadline, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            return await PollOnceAsync(subscriptions, both.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _lostSince ??= time.GetTimestamp();
            LogHostNotSeen(exception, subscriptions.Length, time.GetElapsedTime(_lostSince.Value));
            return Poll.Failed;
        }
    }

    private async Task<Poll> PollOnceAsync(JobSubscription[] subscriptions, CancellationToken cancellationToken)
    {
        // Jobs first: a machine's state is then never older than its job's.
        Dictionary<CimObjectPath, ConcreteJob> jobs = [];
        if (Array.Exists(subscriptions, subscription => subscription.JobPath is not null))
        {
            foreach (var job in await host.ListJobsAsync(cancellationToken))
            {
                jobs[job.Path] = job;
            }
        }

        var machines = MachinesDue(subscriptions) ? await ReadMachinesAsync(cancellationToken) : null;
        var outOfSight = _lostSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        _lostSince = null;
        var changed = false;
        foreach (var subscription in subscriptions)
        {
            ConcreteJob? job = null;
            var gone = false;
            if (subscription.JobPath is { } path && !jobs.TryGetValue(path, out job))
            {
                try
                {
                    // A listing without the job proves nothing (its class may differ): reading the path does.
                    job = await host.GetJobAsync(path, cancellationToken);
                    gone = job is null;
                }
                catch (Exception exception) when (exception is CimDataException || (exception is CimException refused && !CimErrorCode.IsTransient(refused.ErrorCode)))
                {
                    // One job that cannot be read must not hide the others.
                    LogJobNotRead(exception, path, subscription.Machine);
                    continue;
                }
            }

            changed |= subscription.Remember(job, gone);
            subscription.OnObserved(new JobObservation
            {
                Job = job,
                JobGone = gone,
                MachinesRead = machines is not null,
                Machine = machines?.GetValueOrDefault(subscription.Machine),
                OutOfSight = outOfSight,
            });
        }

        return changed ? Poll.Changed : Poll.Still;
    }

    private bool MachinesDue(JobSubscription[] subscriptions)
    {
        bool wanted;
        lock (_gate)
        {
            (wanted, _machinesWanted) = (_machinesWanted, false);
        }

        return wanted || Array.Exists(subscriptions, subscription => subscription.JobPath is null)
            || time.GetElapsedTime(_lastMachinePoll) >= timing.MachinePoll;
    }

    private async Task<Dictionary<VirtualMachineId, VirtualMachine>> ReadMachinesAsync(CancellationToken cancellationToken)
    {
        var machines = await host.ListVirtualMachinesAsync(cancellationToken);
        _lastMachinePoll = time.GetTimestamp();
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
            catch (Exception exception)
            {
                LogHintsLost(exception);
                await Task.Delay(LongestPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private JobSubscription[] Subscriptions()
    {
        lock (_gate)
        {
            return [.. _subscriptions];
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private enum Poll
    {
        Changed,
        Still,
        Failed,
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning,
        Message = "Listing host jobs failed ({Operations} operations affected, unreachable for {OutOfSight}); the jobs continue on the host")]
    private partial void LogHostNotSeen(Exception exception, int operations, TimeSpan outOfSight);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Could not read job {JobPath} of machine {VmId}")]
    private partial void LogJobNotRead(Exception exception, CimObjectPath jobPath, VirtualMachineId vmId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The host's job events ended; polling continues without them")]
    private partial void LogHintsLost(Exception exception);
}
