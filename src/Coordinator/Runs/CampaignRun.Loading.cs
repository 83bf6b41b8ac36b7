using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Runs;

/// <content>Reads the campaign from the store, checks it and takes it over.</content>
internal sealed partial class CampaignRun
{
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (machine, chain, _) = await _snapshots.ReadAsync(cancellationToken);
        var seal = await _services.Store.LoadSealAsync(_campaign.Uid, cancellationToken) ?? throw new StreamDamagedException("its row is missing");
        chain.End(seal);
        Verify(machine.State, seal);
        _requests.Restore(await _services.Store.LoadRequestsAsync(_campaign.Uid, _services.Time.GetUtcNow() - AnsweredRequest.Lifetime, cancellationToken));
        machine.Gate = _services.Holds.GateOf(_campaign.Uid, _name);
        _services.Holds.Restore(_campaign.Uid, machine.State.Items.Select(Hold).OfType<MachineHold>());
        _machine = machine;
        _time.GoOnFrom(machine.State.LastEventTime);
        // Taking it over restarts all timeouts: a jump until now has no more to say.
        _ = _jumps.Take(_time.GetUtcNow());
        _waits = new WaitReasons();
        _version = chain.Version;
        _isTakenOver = false;
        Show(machine.State.Items, new Dictionary<string, int>(StringComparer.Ordinal));
        View.Restore(await _services.Store.LoadProgressAsync(_campaign.Uid, cancellationToken));
    }

    /// <summary>Checks the events against the data stored beside them.</summary>
    private void Verify(CampaignState state, StreamSeal seal)
    {
        if (seal.CheckAudit() is { } finding)
        {
            throw new StreamDamagedException(finding);
        }

        if (state.Uid != _campaign.Uid || state.Document != _campaign.Document || !_campaign.CreatedBy.Contains(state.CreatedBy, StringComparison.Ordinal))
        {
            throw new StreamDamagedException("the document or creator in its row differs from its events");
        }

        if (state.Status is not (CampaignStatus.Draft or CampaignStatus.Ready) && state.StartTime is not null && !seal.HasStartCommand)
        {
            throw new StreamDamagedException("its events say that it was started, but its audit has no such command");
        }
    }

    private MachineHold? Hold(CampaignItem item)
    {
        var state = item.Status.IsSuccess() ? HoldState.Home
            : item.Status == ItemStatus.UnknownOutcome ? HoldState.Unknown
            : item.Attempt > 0 && (item.IsInFlight || item.Status is ItemStatus.Synced or ItemStatus.Held || IsAway(item)) ? HoldState.InFlight
            : HoldState.Released;
        return state == HoldState.Released ? null : MachineHold.Of(_campaign.Uid, _name, item.Planned, state);
    }

    // A machine that a drill has taken to the recovery site is nobody else's until it is home, whether anything is in flight or not.
    private static bool IsAway(CampaignItem item) => item is { Planned.ComesBack: true, Step: > 1 } && !item.Status.IsTerminal();

    /// <summary>Shows the machine's state. A new revision has other items, and so a new view that watchers switch to.</summary>
    private void Show(IEnumerable<CampaignItem> changed, IReadOnlyDictionary<string, int> wentBack)
    {
        var header = CampaignViewBuilder.Header(_machine.State, _version);
        if (_view is { } view && view.Header.Revision == header.Revision)
        {
            view.Show(header, [.. changed.Select(item => (
                item.Index,
                CampaignViewBuilder.Item(item) with { WentBackTo = wentBack.TryGetValue(item.Id, out var percent) ? percent : null }))]);
            return;
        }

        var previous = _view;
        Volatile.Write(ref _view, new CampaignView(_campaign, header, _machine.State.Items.Select(CampaignViewBuilder.Item), _services.Time, () => _services.Changes.MarkCampaign(_campaign.Id)));
        _services.Changes.MarkCampaign(_campaign.Id);
        if (previous is not null)
        {
            previous.ReplaceBy(_view);
            NoteHosts();
        }
    }

    /// <summary>Makes this process the campaign's owner: a new epoch first, then all pending effects.</summary>
    /// <exception cref="StoreUnavailableException">Another coordinator may have the store: what made this one read the campaign again may have been that one's write.</exception>
    private async Task TakeOverAsync()
    {
        await _services.Hold.RequireAsync(_stopping.Token);
        var batch = new RunBatch(_name, _services.Audit);
        batch.Add(_machine.Resume(_time.GetUtcNow()));
        _isTakenOver = true;
        await CommitAsync(batch);
        if (_machine.State.Status is CampaignStatus.Running or CampaignStatus.Paused or CampaignStatus.Stopping)
        {
            // Whatever this campaign starts next may be hours away, and a former owner that was only out of reach may come back before.
            _dispatcher.ClaimHosts(View.Hosts, _machine.State.Epoch, () => !View.Header.IsTerminal);
        }

        NoteHosts();
    }
}
