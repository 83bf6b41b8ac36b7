using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>
/// Carries out the effects of one campaign. It decides nothing: how much is in flight at once is what the campaign's machine lets be,
/// and so is the number of streams. All calls to a host share its one channel.
/// </summary>
internal sealed partial class CampaignDispatcher(
    DispatchedCampaign campaign,
    ICampaignReports reports,
    AgentRegistry registry,
    OperationFollower follower,
    AgentQuestions questions,
    TimeProvider time,
    IOptions<CoordinatorOptions> options,
    ILogger<CampaignDispatcher> logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Following> _followings = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _tasks = [];
    private CancellationTokenSource _stopping = new();

    /// <summary>Whether nothing is being followed or asked.</summary>
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

    /// <summary>Begins to carry out an effect; never waits.</summary>
    /// <exception cref="ArgumentException">The effect is not one for the dispatcher.</exception>
    public void Execute(CampaignEffect effect)
    {
        switch (effect)
        {
            case StartOperation { Kind: StepKind.InitiateFailback } initiate:
                Follow(
                    initiate.Item,
                    initiate.Attempt,
                    initiate.Host,
                    new FollowedOperation(
                        initiate.OperationId.ToString("D"),
                        InitiationRequests.Of(initiate, campaign.Uid, campaign.Instance),
                        initiate.VirtualMachineId.ToString("D").ToUpperInvariant(),
                        campaign.Name)
                    {
                        Claim = InitiationRequests.Claim(initiate, campaign.Uid, campaign.Instance),
                    });
                break;
            case Watch watch:
                Follow(
                    watch.Item,
                    watch.Attempt,
                    watch.Host,
                    new FollowedOperation(watch.OperationId.ToString("D"), null, watch.Item, campaign.Name) { SentBefore = InitiationRequests.Position(watch.Journal) });
                break;
            case CancelOperation cancel:
                Start(token => Ask(cancel.Host, connection => questions.CancelAsync(connection, cancel, campaign.Name, token)));
                break;
            case RecheckState reread:
                Start(token => Ask(reread.Host, async connection =>
                    await reports.ReportAsync(await questions.RecheckStateAsync(connection, reread, token), token)));
                break;
            case CheckReadiness check:
                Start(token => Ask(check.Host, async connection =>
                    await reports.ReportAsync(await questions.CheckAsync(connection, check, token), token)));
                break;
            default:
                throw new ArgumentException($"The dispatcher does not know the effect {effect.GetType().Name}.", nameof(effect));
        }
    }

    /// <summary>Lets go of everything: nothing is followed any more, and nothing is reported after this.</summary>
    public async Task ResetAsync()
    {
        Task[] tasks;
        CancellationTokenSource stopping;
        lock (_lock)
        {
            stopping = _stopping;
            _stopping = new CancellationTokenSource();
            tasks = [.. _tasks];
            _followings.Clear();
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

    private void Follow(string item, int attempt, string host, FollowedOperation operation)
    {
        var following = new Following();
        Following? former;
        lock (_lock)
        {
            _followings.Remove(item, out former);
            _followings.Add(item, following);
        }

        // One item has one attempt at a time: a newer effect replaces whatever was followed for it.
        former?.Cancel();
        Start(async token =>
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(token, following.Token);
            try
            {
                await FollowAsync(host, operation, new ItemObserver(item, attempt, operation.Epoch, reports, time, linked.Token), linked.Token);
            }
            finally
            {
                lock (_lock)
                {
                    if (_followings.TryGetValue(item, out var current) && ReferenceEquals(current, following))
                    {
                        _followings.Remove(item);
                    }
                }

                following.Dispose();
            }
        });
    }

    private async Task FollowAsync(string host, FollowedOperation operation, ItemObserver observer, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(host, out var connection))
        {
            // The inventory has changed under the campaign. The run has told the machine that the host is out of reach.
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
                // An error of ours must not leave an item without anybody who looks after it. The agent has the operation, or
                // answers the watch with not found; either way the campaign hears the truth.
                LogFollowingFailed(exception, operation.OperationId, operation.VirtualMachineId, host, campaign.Name);
                await Task.Delay(options.Value.MaxReconnectDelay, time, cancellationToken);
                operation = operation with { Request = null };
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
            // Let go of on purpose: the operation goes on, and whoever takes the campaign up asks again.
        }
        catch (RunClosedException)
        {
            // The run has ended while this was reporting: as above.
        }
        catch (Exception exception)
        {
            LogWorkFailed(exception, campaign.Name);
        }
    }

    private sealed class Following : IDisposable
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
