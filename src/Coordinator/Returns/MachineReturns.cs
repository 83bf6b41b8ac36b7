using System.Collections.Concurrent;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using Outcome = HostAgent.Failover.Outcome;

namespace HostAgent.Coordinator.Returns;

/// <summary>All returns: those that have not ended are in memory, and go on where an earlier process left them.</summary>
internal sealed class MachineReturns(
    KeptStates<ReturnState> store, SiteReader reader, HomePreflight preflight, ReturnSteps steps, GuestCheck check, Func<IRehearsals> rehearsals, PairFinder finder, MachineHolds holds, TimeProvider time, ILogger<MachineReturn> logger) : IHostedService, IDisposable
{
    private const int ResumedAtOnce = 64;

    private readonly ConcurrentDictionary<Guid, MachineReturn> _live = new();
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ReturnServices _services = new(store, reader, preflight, steps, check, rehearsals, holds, time, logger);

    /// <summary>Resumes what has not ended: before the coordinator listens, all have new epochs.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => StoreStart.RunAsync(async () =>
    {
        var found = (await store.LoadLiveAsync(cancellationToken)).Select(Add).ToList();
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = ResumedAtOnce, CancellationToken = cancellationToken }, async (one, _) => await one.ResumeAsync());
    });

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_live.Values.Select(one => one.StopAsync()));
    }

    /// <summary>Of which of some machines production is known to be away from home on a host: their newest return from there has not brought them home.</summary>
    /// <param name="host">The host.</param>
    /// <param name="machines">The machines.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlySet<Guid>> AwayAtAsync(string host, IEnumerable<Guid> machines, CancellationToken cancellationToken)
        => (await store.FindNewestAsync(machines, cancellationToken))
            .Where(state => !state.IsWayThere && string.Equals(state.RecoveryHost, host, StringComparison.OrdinalIgnoreCase)
                && (state.EndTime is null || state.Outcome is Outcome.Protected or Outcome.Stopped or Outcome.RolledBack))
            .Select(state => state.Machine)
            .ToHashSet();

    /// <summary>Begins the return of a machine, or joins the one that has not ended.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="created">The audit entry of the request.</param>
    /// <param name="createdBy">Who asks.</param>
    /// <param name="cancellationToken">Cancels the search; nothing is begun.</param>
    public async Task<MachineReturn> CreateAsync(WantedReturn wanted, AuditEntry created, string createdBy, CancellationToken cancellationToken)
    {
        // Before the others have to wait: it asks hosts.
        var pair = await finder.FindAsync(wanted.Machine, wanted.RecoveryHost, wanted.HomeHost, cancellationToken);
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (_live.TryGetValue(pair.Machine, out var known) && known.Watch().View.State.EndTime is null)
            {
                return known;
            }

            var name = ResourceNames.Return(pair.Machine);
            if (holds.HeldByOther(pair.Machine, campaign: Guid.Empty) is { } held && held.Campaign != name)
            {
                throw CampaignFailures.Precondition("MACHINE_HELD", $"{pair.Name} {held.Explanation}; end that first", ("name", name), ("campaign", held.Campaign));
            }

            var state = New(pair, wanted.Plan, wanted.Goal, createdBy);
            await store.WriteAsync(state, created with { Target = name });
            return Add(state);
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Begins the return of a campaign's item, or joins it. One that has ended is joined by the attempt that it belongs to, and by every later one when the machine is home.</summary>
    /// <param name="pair">The machine and its hosts.</param>
    /// <param name="plan">How.</param>
    /// <param name="owner">The campaign and its attempt.</param>
    /// <param name="drill">The drill that it is a way of; null when the machine goes home for good.</param>
    /// <param name="cancellationToken">Cancels; nothing is begun.</param>
    /// <exception cref="Transport.RpcFailure">FAILED_PRECONDITION (MACHINE_HELD): a person, a drill or another campaign has the machine, or a return the other way has not ended.</exception>
    public async Task<MachineReturn> OfCampaignAsync(FoundPair pair, ReturnPlan plan, ReturnOwner owner, Campaigns.Messages.PairDrill? drill, CancellationToken cancellationToken)
    {
        var found = await FindOrBeginAsync(pair, plan, owner, drill, cancellationToken);
        // It takes as long as what the return does at the moment, which may be to ask a silent host: the others must not wait for that.
        await found.JoinAsync(owner, cancellationToken);
        return found;
    }

    private async Task<MachineReturn> FindOrBeginAsync(FoundPair pair, ReturnPlan plan, ReturnOwner owner, Campaigns.Messages.PairDrill? drill, CancellationToken cancellationToken)
    {
        await _creating.WaitAsync(cancellationToken);
        try
        {
            var name = ResourceNames.Return(pair.Machine);
            var known = _live.GetValueOrDefault(pair.Machine)
                ?? (await store.FindNewestAsync(pair.Machine, cancellationToken) is { } ended ? new MachineReturn(ended, _services, _stop.Token) : null);
            var state = known?.Watch().View.State;
            var isSameWay = state?.GoesBetween(pair.RecoveryHost, pair.HomeHost) == true;
            if (isSameWay && state?.Owner is { } former && former.Campaign == owner.Campaign
                && (state.EndTime is null || former.Attempt == owner.Attempt || state.Outcome is Outcome.Home or Outcome.HomeUnprotected))
            {
                return known!;
            }

            if (holds.HeldByOther(pair.Machine, owner.Campaign) is { } held)
            {
                throw CampaignFailures.Precondition("MACHINE_HELD", $"{pair.Name} {held.Explanation}; end that first", ("name", name), ("campaign", held.Campaign));
            }

            if (state is { EndTime: null } && !isSameWay)
            {
                throw CampaignFailures.Precondition(
                    "MACHINE_HELD", $"{pair.Name} has a return from {state.RecoveryHost} to {state.HomeHost} that has not ended; end that first", ("name", name), ("campaign", name));
            }

            if (state is { EndTime: null })
            {
                // A campaign that has ended, or skipped its item, left it where it was.
                return known!;
            }

            var begun = New(pair, plan, Goal.Home, owner.Name) with { Owner = owner };
            if (drill is not null)
            {
                // The way back is of the same drill as the way there that has ended before it.
                var began = drill.IsWayBack && state?.Owner?.Campaign == owner.Campaign && state.Drill is { } there ? there.BeginTime : begun.CreateTime;
                begun = begun with { Drill = new ReturnDrill(drill.IsWayBack, drill.StartedBy, began, drill.ProofValidFor) };
            }

            await store.WriteAsync(begun, AuditEntry.OfCoordinator(begun.CreateTime, "coordinator", "return-begun", name, new { campaign = owner.Name }));
            return Add(begun);
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Whether a return of the machine makes a step, or goes on by itself.</summary>
    public bool IsActive(Guid machine) => _live.TryGetValue(machine, out var live) && live.Watch().View.State is { EndTime: null } state && (state.Running || state.InHand is not null);

    /// <summary>What the return of a machine shows at the moment, without asking its hosts; null when it has none that has not ended.</summary>
    public ReturnView? FindShown(Guid machine) => _live.TryGetValue(machine, out var live) && live.Watch().View is { State.EndTime: null } view ? view : null;

    /// <summary>What the returns of a campaign show at the moment that go on by themselves, without asking their hosts.</summary>
    /// <param name="campaign">The campaign's resource name.</param>
    public IEnumerable<ReturnView> GoingOnFor(string campaign)
        => _live.Values.Select(live => live.Watch().View).Where(view => view.State is { EndTime: null, Running: true, Owner: { } owner } && string.Equals(owner.Name, campaign, StringComparison.Ordinal));

    /// <summary>Finds the newest return of a machine; one that has ended is shown as it ended.</summary>
    /// <exception cref="Transport.RpcFailure">RETURN_NOT_FOUND.</exception>
    public async Task<MachineReturn> FindAsync(string name, CancellationToken cancellationToken)
    {
        var machine = ResourceNames.ParseReturn(name, "name");
        return _live.TryGetValue(machine, out var live) ? live
            : await store.FindNewestAsync(machine, cancellationToken) is { } ended ? new MachineReturn(ended, _services, _stop.Token)
            : throw CampaignFailures.ReturnNotFound(name);
    }

    public void Dispose()
    {
        foreach (var live in _live.Values)
        {
            live.Dispose();
        }

        _stop.Dispose();
        _creating.Dispose();
    }

    private ReturnState New(FoundPair pair, ReturnPlan plan, Goal goal, string createdBy) => new()
    {
        Uid = Guid.NewGuid(),
        Machine = pair.Machine,
        MachineName = pair.Name,
        RecoveryHost = pair.RecoveryHost,
        HomeHost = pair.HomeHost,
        CreateTime = time.GetUtcNow(),
        CreatedBy = createdBy,
        Plan = plan,
        Goal = goal,
        Epoch = 1,
        Version = 1,
    };

    private MachineReturn Add(ReturnState state)
    {
        var added = new MachineReturn(state, _services, _stop.Token);
        _live[state.Machine] = added;
        if (state.Owner is null)
        {
            // The machine of a campaign's item is held by the campaign.
            holds.Set(new MachineHold(state.Uid, added.Name, state.Machine, state.RecoveryHost, HoldState.InFlight));
        }

        return added;
    }
}

/// <summary>A return as it was asked for.</summary>
/// <param name="Machine">The machine's GUID or name.</param>
/// <param name="RecoveryHost">Where it runs; empty to be found.</param>
/// <param name="HomeHost">Where it returns to; empty to be found.</param>
/// <param name="Goal">Where it is to end.</param>
/// <param name="Plan">How.</param>
internal sealed record WantedReturn(string Machine, string RecoveryHost, string HomeHost, Goal Goal, ReturnPlan Plan);
