using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Runs one campaign. Only the run uses the campaign's machine, one input at a time: the machine's events are made durable
/// first, and its effects carried out then. Waiting inputs are decided together and share one commit. If the store has a conflicting
/// write, cannot be written to, or does not say whether it has written, the machine is discarded and the campaign reloaded: nothing that
/// was not durable has had an effect.
/// </summary>
internal sealed partial class CampaignRun : ICampaignReports, IAsyncDisposable
{
    private const int MaxWaiting = 1024;
    private const int MaxBatch = 256;
    private const int MaxRetried = 5000;
    private const string Closed = "this coordinator is not running the campaign";

    private NewCampaign _campaign;
    private readonly string _name;
    private readonly RunServices _services;
    private readonly ILogger<CampaignRun> _logger;
    private readonly CampaignDispatcher _dispatcher;
    private readonly HostReachability _reachability = new();
    private readonly KnownRequests _requests = new();
    private readonly ConcurrentDictionary<CommandMessage, byte> _waiting = new(ReferenceEqualityComparer.Instance);
    private readonly CampaignClock _time;
    private readonly RunTimer _timer;
    private readonly ClockJumps _jumps;
    private readonly ProgressKeeper _progress;
    private readonly SnapshotKeeper _snapshots;
    private readonly RemainingEstimates _remaining;
    private readonly StartForecasting _startForecast;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<RunMessage> _messages = Channel.CreateBounded<RunMessage>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private CampaignMachine _machine = new();
    private WaitReasons _waits = new();
    private Task _loop = Task.CompletedTask;
    private CampaignView? _view;
    private long _version;
    private bool _isTakenOver;
    private ActivityContext _cause;
    private long _changeTicks;

    private CampaignRun(NewCampaign campaign, RunServices services)
    {
        _campaign = campaign;
        _changeTicks = services.Time.GetUtcNow().UtcTicks;
        _name = ResourceNames.Campaign(campaign.Id);
        _services = services;
        _logger = services.Loggers.CreateLogger<CampaignRun>();
        _dispatcher = services.CreateDispatcher(new DispatchedCampaign(campaign.Uid, _name, services.Instance), this);
        _time = new CampaignClock(services.Time);
        _timer = new RunTimer(_time, Wake);
        _jumps = new ClockJumps(_time);
        _snapshots = services.CreateSnapshotKeeper(campaign.Uid, _name);
        _progress = new ProgressKeeper(() => View.TakeProgress(), campaign.Uid, services.Store, services.Time);
        _remaining = new RemainingEstimates(services.Time, estimate => View.Show(estimate), Wake, failure => LogNotEstimated(failure, _name));
        _startForecast = new StartForecasting(services.Forecasts, (forecast, cancellationToken) => ReportAsync(new NoteForecast(forecast), cancellationToken), failure => LogNotEstimated(failure, _name));
    }

    /// <summary>The view of the campaign; replaced when its document is.</summary>
    public CampaignView View => Volatile.Read(ref _view)!;

    /// <summary>Why the campaign's stored data is damaged, so that the run does nothing more; null while it is intact.</summary>
    public string? Damage { get; private set; }

    /// <summary>When something of it was last made durable, or when it was loaded.</summary>
    public DateTimeOffset ChangeTime => new(Volatile.Read(ref _changeTicks), TimeSpan.Zero);

    /// <summary>Whether it can be unloaded: it is terminal and no operation is followed.</summary>
    public bool IsIdle => View.Header.IsTerminal && _dispatcher.IsIdle && _messages.Reader.Count == 0;

    /// <summary>Loads a campaign and resumes it. A terminal campaign is only shown, until a command arrives.</summary>
    public static async Task<CampaignRun> OpenAsync(NewCampaign campaign, RunServices services, CancellationToken cancellationToken)
    {
        var run = new CampaignRun(campaign, services);
        try
        {
            await run.ReadAsync(cancellationToken);
            if (!run._machine.State.Status.IsTerminal())
            {
                await run.TakeOverAsync();
            }

            run._loop = Task.Run(run.RunAsync, CancellationToken.None);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Executes a command and waits until it has durably taken effect.</summary>
    /// <exception cref="RpcFailure">It was rejected, or could not be made durable.</exception>
    /// <exception cref="OperationCanceledException">The caller has disconnected; the command may still take effect.</exception>
    public async Task CommandAsync(CommandMessage command, CancellationToken cancellationToken)
    {
        _waiting.TryAdd(command, 0);
        try
        {
            await _messages.Writer.WriteAsync(command, cancellationToken);
            await command.Done.Task.WaitAsync(cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw CampaignFailures.NotOwner(Closed, exception);
        }
        finally
        {
            _waiting.TryRemove(command, out _);
        }
    }

    /// <summary>Tries a command on a copy of the campaign as it is now: nothing is stored, recorded or carried out.</summary>
    /// <returns>What would be shown right after it.</returns>
    /// <exception cref="RpcFailure">It would be rejected.</exception>
    public async Task<CampaignView> TryAsync(CommandMessage command, CancellationToken cancellationToken)
    {
        var (snapshot, gate, version, now) = (Array.Empty<byte>(), (IMachineGate?)null, 0L, default(DateTimeOffset));
        await QueryAsync((state, time) => (snapshot, gate, version, now) = (CampaignSnapshot.Write(state), _machine.Gate, _version, time), cancellationToken);
        var machine = CampaignMachine.Replay(snapshot, []);
        machine.Gate = gate;
        machine.Resume(now);
        var outcome = machine.Handle(command.Input!, now);
        if (outcome.Rejection is { } rejection)
        {
            throw CommandRefusals.ToFailure(rejection, command.Origin.Target);
        }

        command.Retried = RetriedBy(outcome);
        return new CampaignView(_campaign, CampaignViewBuilder.Header(machine.State, version), machine.State.Items.Select(CampaignViewBuilder.Item), _services.Time);
    }

    /// <summary>Tells why items do not move.</summary>
    /// <param name="item">The only item's id; empty for all.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="RpcFailure">The campaign is being closed.</exception>
    public async Task<ExplainCampaignResponse> ExplainAsync(string item, CancellationToken cancellationToken)
    {
        var answer = new ExplainCampaignResponse();
        await QueryAsync((state, now) => answer = _waits.Of(state, item, now), cancellationToken);
        return answer;
    }

    /// <summary>Reads the state of the campaign's machine between two turns.</summary>
    /// <param name="ask">Reads it; must not keep it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="RpcFailure">The campaign is being closed.</exception>
    public async Task QueryAsync(Action<Campaigns.States.CampaignState, DateTimeOffset> ask, CancellationToken cancellationToken)
    {
        var query = new QueryMessage(ask);
        try
        {
            await _messages.Writer.WriteAsync(query, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw CampaignFailures.NotOwner(Closed, exception);
        }

        await query.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Records a call that never reached the campaign's machine: it was refused, or is a repetition.</summary>
    /// <param name="origin">The call.</param>
    /// <param name="refusal">Why it was refused; null for a repetition.</param>
    /// <exception cref="RpcFailure">It could not be recorded.</exception>
    public Task RecordAsync(CommandOrigin origin, RpcFailure? refusal) => _services.Recorder.RecordAsync(_campaign.Uid, origin, refusal);

    public async ValueTask ReportAsync(CampaignInput input, CancellationToken cancellationToken)
    {
        try
        {
            await _messages.Writer.WriteAsync(new RunMessage(input), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new RunClosedException();
        }
    }

    public async ValueTask RecordAsync(CampaignInput input, CancellationToken cancellationToken)
    {
        var message = new RecordedMessage(input);
        try
        {
            await _messages.Writer.WriteAsync(message, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new RunClosedException();
        }

        await message.Done.Task.WaitAsync(cancellationToken);
    }

    public void Advance(string item, int attempt, int percent, bool isPresent = false)
    {
        var view = View;
        if (view.IndexOf(item) is { } index)
        {
            view.Advance(index, attempt, percent, isPresent);
            _progress.Note();
        }
    }

    public void Describe(string item, int attempt, string activity)
    {
        var view = View;
        if (view.IndexOf(item) is { } index)
        {
            view.Describe(index, attempt, activity);
        }
    }

    /// <summary>Notes the current reachability of all hosts of the campaign.</summary>
    public void NoteHosts()
    {
        _reachability.Follow(View.Hosts, _services.Registry);
        Wake();
    }

    /// <summary>Notes that a host has become unreachable or reachable; never blocks.</summary>
    public void NoteHost(AgentConnection connection)
    {
        if (_reachability.Note(connection))
        {
            Wake();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _timer.Dispose();
        _remaining.Dispose();
        await _startForecast.DisposeAsync();
        await _dispatcher.DisposeAsync();
        await _progress.DisposeAsync();
        await _snapshots.DisposeAsync();
        while (_messages.Reader.TryRead(out var message))
        {
            (message as CommandMessage)?.Done.TrySetException(CampaignFailures.NotOwner(Closed, null));
            (message as RecordedMessage)?.Done.TrySetCanceled();
            (message as QueryMessage)?.Done.TrySetException(CampaignFailures.NotOwner(Closed, null));
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        // Whatever call has opened the campaign is not the cause of all that it does.
        Activity.Current = null;
        var backoff = _services.CreateBackoff();
        var hasFailed = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (hasFailed)
                {
                    await Task.Delay(backoff.Next(), _services.Time, _stopping.Token);
                    _campaign = (await _services.Store.FindAsync(_campaign.Id, _stopping.Token))!.Campaign;
                    await ReadAsync(_stopping.Token);
                    if (!_machine.State.Status.IsTerminal())
                    {
                        await TakeOverAsync();
                    }

                    LogReadAgain(_name, _version);
                }

                while (await _messages.Reader.WaitToReadAsync(_stopping.Token))
                {
                    await ProcessAsync();
                    _remaining.Note(_machine.State);
                    _startForecast.Note(_machine.State);
                    backoff.Reset();
                    hasFailed = false;
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StreamDamagedException exception)
            {
                // The stored data was changed while the coordinator was running: nothing more is decided on it.
                LogDamaged(exception, _name);
                Damage = exception.Message;
                await _dispatcher.ResetAsync();
                _messages.Writer.TryComplete();
                RefuseWaiting(CampaignFailures.StreamDamaged(_name, exception.Message));
                return;
            }
            catch (Exception exception)
            {
                hasFailed = true;
                RefuseWaiting(CampaignFailures.NotOwner("the campaign is being reloaded from the store; the command has had no effect", exception));
                LogThrownAway(exception, _name, _version);
                await _dispatcher.ResetAsync();
            }
        }
    }

    // Waiting may take as long as the store is out of order, or for ever. A command that is refused here never takes effect.
    private void RefuseWaiting(RpcFailure refusal)
    {
        foreach (var command in _waiting.Keys)
        {
            command.Done.TrySetException(refusal);
        }
    }

    // If the channel is full the run is active anyway, and checks its timer and its hosts on every turn.
    private void Wake() => _messages.Writer.TryWrite(RunMessage.Wake);
}
