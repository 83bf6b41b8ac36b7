using System.Diagnostics;
using Google.Protobuf;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Telemetry;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Runs;

/// <content>One turn: decide the waiting inputs, make the events durable, show the state, carry out the effects.</content>
internal sealed partial class CampaignRun
{
    private async Task ProcessAsync()
    {
        var batch = new RunBatch(_name, _services.Audit);
        try
        {
            Decide(batch);
            await CommitAsync(batch);
        }
        catch (Exception exception)
        {
            batch.Fail(exception is StoreOutcomeUnknownException
                ? CampaignFailures.OutcomeUnknown("the command", exception)
                : CampaignFailures.NotOwner("the command could not be stored and has had no effect", exception));
            throw;
        }
    }

    private void Decide(RunBatch batch)
    {
        var now = _time.GetUtcNow();
        if (_jumps.Take(now) is { } ahead && _isTakenOver)
        {
            // As after a restart: every host gets its full timeout again, and the agents are asked before anything counts as overdue.
            LogClockJumped(_name, ahead);
            batch.Add(_machine.Resume(now));
        }

        if (_timer.TakeElapsed() && _isTakenOver)
        {
            batch.Add(_machine.Handle(new TimerElapsed(), now));
        }

        foreach (var input in _isTakenOver ? _reachability.Take() : [])
        {
            batch.Add(_machine.Handle(input, now));
        }

        for (var count = 0; count < MaxBatch && _messages.Reader.TryRead(out var message); count++)
        {
            switch (message)
            {
                case CommandMessage { Done.Task.IsCompleted: true }:
                    // Refused while the campaign was being reloaded.
                    break;
                case CommandMessage command:
                    Decide(batch, command, now);
                    break;
                case RecordedMessage report:
                    batch.Add(report, _machine.Handle(report.Input!, now));
                    break;
                case QueryMessage query:
                    query.Ask(_machine.State, now);
                    query.Done.TrySetResult();
                    break;
                case { Input: { } input }:
                    batch.Add(_machine.Handle(input, now));
                    if (input is AttemptUndelivered undelivered && _machine.State.FindItem(undelivered.Item) is { } item)
                    {
                        // The machine now considers the host lost. If the host answered another call meanwhile, nothing else reports that.
                        NoteHost(item.Host.Name);
                    }

                    break;
            }
        }
    }

    private void Decide(RunBatch batch, CommandMessage command, DateTimeOffset now)
    {
        if (!_isTakenOver)
        {
            batch.Add(_machine.Resume(now));
            _isTakenOver = true;
        }

        if (command.Request is { } asked && _requests.Find(asked.Id, now) is { } known)
        {
            if (known.Digest.Span.SequenceEqual(asked.Digest.Span))
            {
                command.Retried = known.Items;
                batch.Repeat(command, now);
            }
            else
            {
                batch.Refuse(command, CampaignFailures.RequestIdReused(_name, asked.Id), now);
            }

            return;
        }

        var version = _version + batch.Events.Count;
        if (command.ExpectedVersion != 0 && command.ExpectedVersion != version)
        {
            batch.Refuse(command, CampaignFailures.VersionMismatch(command.Origin.Target, command.ExpectedVersion, version), now);
            return;
        }

        var outcome = _machine.Handle(command.Input!, now);
        batch.Add(command, outcome, outcome.Rejection is { } rejection ? CommandRefusals.ToFailure(rejection, command.Origin.Target) : null, now);
        command.Retried = RetriedBy(outcome);
        if (command.Request is { } request && outcome.Rejection is null)
        {
            var answered = new AnsweredRequest(request.Id, now, request.Digest, command.Retried);
            batch.Remember(answered);
            _requests.Add(answered);
        }
    }

    private static IReadOnlyList<string> RetriedBy(Outcome outcome) => [.. outcome.Events.OfType<ItemRetryRequested>().Take(MaxRetried).Select(retried => retried.Item)];

    private void NoteHost(string host)
    {
        if (_services.Registry.TryFind(host, out var connection) && connection.Status.Reachability == Reachability.Reachable)
        {
            NoteHost(connection);
        }
    }

    private async Task CommitAsync(RunBatch batch)
    {
        // What the effects do is linked to this turn, and so to the newest command: what starts hours later was set in motion by it.
        using var span = StartTurn(batch);
        if (!batch.IsEmpty)
        {
            var began = _services.Time.GetTimestamp();
            var header = CampaignViewBuilder.Header(_machine.State, _version + batch.Events.Count);
            var holds = batch.Holds.Select(pair => (Item: _machine.State.FindItem(pair.Key), State: pair.Value)).Where(hold => hold.Item is not null)
                .Select(hold => MachineHold.Of(_campaign.Uid, _name, hold.Item!.Planned, hold.State)).ToList();
            await _services.Store.AppendAsync(new StreamAppend(_campaign.Uid, _version, batch.Events, batch.Audit, Project(header), batch.Document)
            {
                // The percentage at which an attempt ended is evidence, above all when the outcome is unknown.
                Progress = View.ProgressOf(batch.Items),
                Requests = batch.Requests,
                Holds = [.. holds.Select(hold => (hold.Machine, hold.Host, hold.State))],
            });
            holds.ForEach(_services.Holds.Set);
            Volatile.Write(ref _changeTicks, _services.Time.GetUtcNow().UtcTicks);
            CoordinatorTelemetry.Turns.Record(_services.Time.GetElapsedTime(began).TotalSeconds);

            _version = header.Version;
            _campaign = batch.Document is { } document ? _campaign with { Document = document.Text, Source = document.Source } : _campaign;
            var changed = batch.Items.Select(_machine.State.FindItem).OfType<CampaignItem>().ToList();
            Show(changed, batch.WentBack);
            Measure(changed);
            _snapshots.Offer(_machine.State);
        }

        foreach (var effect in batch.Effects)
        {
            switch (effect)
            {
                case WakeAt wake:
                    _timer.Set(wake.Time);
                    break;
                case Ended ended:
                    LogEnded(_name, ended.Status);
                    break;
                default:
                    _dispatcher.Execute(effect);
                    break;
            }
        }

        batch.Complete();
    }

    private Activity? StartTurn(RunBatch batch)
    {
        if (!CoordinatorTelemetry.Spans.HasListeners() || (batch.IsEmpty && batch.Effects.Count == 0))
        {
            return null;
        }

        var causes = batch.Causes.ToList();
        _cause = causes.Count > 0 ? causes[^1] : _cause;
        var parent = causes.Count == 1 ? causes[0] : default;
        return CoordinatorTelemetry.Spans
            .StartActivity("campaign.turn", ActivityKind.Internal, parent, links: parent == default && _cause != default ? [new ActivityLink(_cause)] : null)?
            .SetTag("failback.campaign", _campaign.Id).SetTag("failback.campaign.id", _campaign.Uid).SetTag("failback.campaign.events", batch.Events.Count);
    }

    private static void Measure(List<CampaignItem> changed)
    {
        if (!CoordinatorTelemetry.Transitions.Enabled && !CoordinatorTelemetry.Durations.Enabled)
        {
            return;
        }

        foreach (var item in changed)
        {
            var state = new KeyValuePair<string, object?>("failback.item.state", item.Status.ToString());
            CoordinatorTelemetry.Transitions.Add(1, state);
            if (item.Status.IsTerminal() && item is { StartTime: { } start, EndTime: { } end })
            {
                CoordinatorTelemetry.Durations.Record((end - start).TotalSeconds, state);
            }
        }
    }

    private CampaignProjection Project(HeaderView header)
    {
        var summary = CampaignMapper.ToMessage(_campaign, header, wave => CampaignMapper.DurablePercent(header.Waves[wave].Counts), withDocument: false);
        return new CampaignProjection((int)header.State, header.IsTerminal, summary.ToByteArray());
    }
}
