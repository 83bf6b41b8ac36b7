using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>
/// Carries out the effects of one campaign. It decides nothing: the campaign's machine limits how much is in flight, and thereby
/// the number of streams. All calls to a host share one channel.
/// </summary>
internal sealed partial class CampaignDispatcher(
    DispatchedCampaign campaign,
    ICampaignReports reports,
    AgentRegistry registry,
    OperationFollower follower,
    AgentQuestions questions,
    IPairSteps pairs,
    Func<IScheduledRuns> schedules,
    IWavePrograms programs,
    TimeProvider time,
    IOptions<CoordinatorOptions> options,
    ILogger<CampaignDispatcher> logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FollowedItem> _followed = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _tasks = [];
    private CancellationTokenSource _stopping = new();

    /// <summary>Whether no operation is followed and no call is pending.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _tasks.Count == 0;
            }
        }
    }

    /// <summary>Starts to carry out an effect; never blocks.</summary>
    /// <exception cref="ArgumentException">The effect is not for the dispatcher.</exception>
    public void Execute(CampaignEffect effect)
    {
        switch (effect)
        {
            case StartOperation { Kind: StepKind.InitiateFailback } initiate:
                FollowOperation(
                    initiate.Item,
                    initiate.Attempt,
                    initiate.Host,
                    new FollowedOperation(
                        initiate.OperationId.ToString("D"),
                        InitiationRequests.Of(initiate, campaign.Uid, campaign.Instance),
                        initiate.VirtualMachineId.ToString("D").ToUpperInvariant(),
                        campaign.Name)
                    {
                        Claim = initiate is { Journal: not null, IsRepetition: false } ? null : campaign.Instance.Claim(campaign.Uid, initiate.Epoch),
                        ReportsClaim = initiate is { Journal: null, IsRepetition: false },
                    });
                break;
            case StartOperation begun:
                Follow(begun.Item, token => FollowPairAsync(begun, token));
                break;
            case FollowPair { Step: var step }:
                Follow(step.Item, token => FollowPairAsync(step, token));
                break;
            case BeginRun begin:
                Start(token => schedules().BeginAsync(campaign, begin, reports, token));
                break;
            case RunWaveProgram run:
                Start(token => programs.RunAsync(campaign, run, reports, token));
                break;
            case StopFollowing { Item: var item }:
                Unfollow(item);
                break;
            case Watch watch:
                FollowOperation(
                    watch.Item,
                    watch.Attempt,
                    watch.Host,
                    new FollowedOperation(watch.OperationId.ToString("D"), null, watch.Item, campaign.Name) { SentBefore = InitiationRequests.Position(watch.Journal) });
                break;
            case CancelOperation cancel:
                Start(token => Ask(cancel.Host, connection => questions.CancelAsync(connection, cancel, campaign.Name, token)));
                break;
            case RecheckState recheck:
                Start(token => Ask(recheck.Host, async connection =>
                    await reports.ReportAsync(await questions.RecheckStateAsync(connection, recheck, token), token)));
                break;
            case CheckReadiness check:
                Start(token => Ask(check.Host, async connection =>
                    await reports.ReportAsync(await questions.CheckAsync(connection, check, token), token)));
                break;
            default:
                throw new ArgumentException($"The dispatcher cannot carry out the effect {effect.GetType().Name}.", nameof(effect));
        }
    }

    /// <summary>Tells agents that the campaign has been taken over: until then they would obey its former owner. Never blocks.</summary>
    /// <param name="hosts">Their hosts.</param>
    /// <param name="epoch">The new epoch.</param>
    /// <param name="matters">Whether the campaign can still start anything.</param>
    public void ClaimHosts(IEnumerable<string> hosts, long epoch, Func<bool> matters)
    {
        foreach (var host in hosts)
        {
            Start(token => Ask(host, connection => questions.ClaimAsync(connection, campaign.Instance.Claim(campaign.Uid, epoch), campaign.Name, matters, token)));
        }
    }

    /// <summary>Stops following everything; nothing is reported after this.</summary>
    public async Task ResetAsync()
    {
        Task[] tasks;
        CancellationTokenSource stopping;
        lock (_lock)
        {
            stopping = _stopping;
            _stopping = new CancellationTokenSource();
            tasks = [.. _tasks];
            _followed.Clear();
        }

        await stopping.CancelAsync();
        await Task.WhenAll(tasks);
        stopping.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await ResetAsync();
        _stopping.Dispose();
    }

    private void FollowOperation(string item, int attempt, string host, FollowedOperation operation)
        => Follow(item, token => FollowAsync(host, operation, new ItemObserver(item, attempt, operation.Epoch, reports, time, token), token));

    private void Unfollow(string item)
    {
        FollowedItem? followed;
        lock (_lock)
        {
            _followed.Remove(item, out followed);
        }

        followed?.Cancel();
    }

    private void Follow(string item, Func<CancellationToken, Task> follow)
    {
        var followed = new FollowedItem();
        FollowedItem? previous;
        lock (_lock)
        {
            _followed.Remove(item, out previous);
            _followed.Add(item, followed);
        }

        // An item has one attempt at a time: a newer effect replaces the one being followed.
        previous?.Cancel();
        Start(async token =>
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(token, followed.Token);
            try
            {
                await follow(linked.Token);
            }
            finally
            {
                lock (_lock)
                {
                    if (_followed.TryGetValue(item, out var current) && ReferenceEquals(current, followed))
                    {
                        _followed.Remove(item);
                    }
                }

                followed.Dispose();
            }
        });
    }

    private async Task FollowAsync(string host, FollowedOperation operation, ItemObserver observer, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(host, out var connection))
        {
            // The inventory has changed since the campaign was planned. The run has told the machine that the host is unreachable.
            LogHostMissing(operation.OperationId, operation.VirtualMachineId, host, campaign.Name);
            if (operation.Request is not null)
            {
                await observer.UndeliveredAsync(UnlistedHost.Failure(host), mayHaveBeenDelivered: false);
            }

            return;
        }

        while (true)
        {
            try
            {
                await follower.FollowAsync(connection, operation, observer, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A bug here must not leave an item unattended. The agent has the operation, or answers the watch with not found;
                // either way the campaign gets the true state.
                LogFollowingFailed(exception, operation.OperationId, operation.VirtualMachineId, host, campaign.Name);
                await Task.Delay(options.Value.MaxReconnectDelay, time, cancellationToken);
                operation = operation with { Request = null };
            }
        }
    }

    private async Task FollowPairAsync(StartOperation step, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await pairs.FollowAsync(campaign, step, reports, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or RunClosedException))
            {
                // As above: an item is never left unattended.
                LogFollowingFailed(exception, step.OperationId.ToString("D"), step.Item, step.Host, campaign.Name);
                await Task.Delay(options.Value.MaxReconnectDelay, time, cancellationToken);
            }
        }
    }

    private async Task Ask(string host, Func<AgentConnection, Task> question)
    {
        if (registry.TryFind(host, out var connection))
        {
            await question(connection);
        }
    }

    private void Start(Func<CancellationToken, Task> work)
    {
        lock (_lock)
        {
            var token = _stopping.Token;
            var task = Task.Run(() => RunAsync(work, token), CancellationToken.None);
            _tasks.Add(task);
            _ = task.ContinueWith(
                done =>
                {
                    lock (_lock)
                    {
                        _tasks.Remove(done);
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Stopped on purpose: the operation continues, and the next owner of the campaign asks again.
        }
        catch (RunClosedException)
        {
            // The run ended during this report: as above.
        }
        catch (Exception exception)
        {
            LogWorkFailed(exception, campaign.Name);
        }
    }

    private sealed class FollowedItem : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly Lock _lock = new();
        private bool _disposed;

        public CancellationToken Token => _cancellation.Token;

        public void Cancel()
        {
            lock (_lock)
            {
                if (!_disposed)
                {
                    _cancellation.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                _cancellation.Dispose();
            }
        }
    }
}
