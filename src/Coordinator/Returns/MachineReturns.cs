using System.Collections.Concurrent;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;

namespace HostAgent.Coordinator.Returns;

/// <summary>All returns: those that have not ended are in memory, and go on where an earlier process left them.</summary>
internal sealed class MachineReturns(
    KeptStates<ReturnState> store, SiteReader reader, HomePreflight preflight, ReturnSteps steps, GuestCheck check, PairFinder finder, MachineHolds holds, TimeProvider time, ILogger<MachineReturn> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<Guid, MachineReturn> _live = new();
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ReturnServices _services = new(store, reader, preflight, steps, check, holds, time, logger);

    /// <summary>Resumes what has not ended, before the coordinator listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var state in await store.LoadLiveAsync(cancellationToken))
        {
            var found = Add(state);
            await found.ResumeAsync();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_live.Values.Select(one => one.StopAsync()));
    }

    /// <summary>Begins the return of a machine, or joins the one that has not ended.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="created">The audit entry of the request.</param>
    /// <param name="createdBy">Who asks.</param>
    /// <param name="cancellationToken">Cancels the search; nothing is begun.</param>
    public async Task<MachineReturn> CreateAsync(WantedReturn wanted, AuditEntry created, string createdBy, CancellationToken cancellationToken)
    {
        await _creating.WaitAsync(cancellationToken);
        try
        {
            var pair = await finder.FindAsync(wanted.Machine, wanted.RecoveryHost, wanted.HomeHost, cancellationToken);
            if (_live.TryGetValue(pair.Machine, out var known) && known.Watch().View.State.EndTime is null)
            {
                return known;
            }

            var name = ResourceNames.Return(pair.Machine);
            if (holds.ElsewhereThan(pair.Machine, host: "") is { IsHome: false } held && held.Campaign != name)
            {
                throw CampaignFailures.Precondition("MACHINE_HELD", $"{pair.Name} {held.Explanation}; end that first", ("name", name), ("campaign", held.Campaign));
            }

            var state = new ReturnState
            {
                Uid = Guid.NewGuid(),
                Machine = pair.Machine,
                MachineName = pair.Name,
                RecoveryHost = pair.RecoveryHost,
                HomeHost = pair.HomeHost,
                CreateTime = time.GetUtcNow(),
                CreatedBy = createdBy,
                Plan = wanted.Plan,
                Goal = wanted.Goal,
                Epoch = 1,
                Version = 1,
            };
            await store.WriteAsync(state, created with { Target = name });
            return Add(state);
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Whether a return of the machine makes a step, or goes on by itself.</summary>
    public bool IsActive(Guid machine) => _live.TryGetValue(machine, out var live) && live.Watch().View.State is { EndTime: null } state && (state.Running || state.InHand is not null);

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

    private MachineReturn Add(ReturnState state)
    {
        var added = new MachineReturn(state, _services, _stop.Token);
        _live[state.Machine] = added;
        holds.Set(new MachineHold(state.Uid, added.Name, state.Machine, state.RecoveryHost, HoldState.InFlight));
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
