using System.Collections.Concurrent;
using HostAgent.Campaigns;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Drills;

/// <summary>A drill as it was asked for.</summary>
/// <param name="Machine">The machine's GUID or name.</param>
/// <param name="Host">The host whose replica is tested; empty to be found.</param>
/// <param name="Plan">How the machine is checked.</param>
/// <param name="Soak">How long it is left running.</param>
/// <param name="Switch">The isolated switch that it is connected to; empty for none.</param>
/// <param name="ProofValidFor">How long it proves that the replica boots, when it is passed.</param>
internal sealed record WantedDrill(string Machine, string Host, ReturnPlan Plan, TimeSpan Soak, string Switch, TimeSpan ProofValidFor);

/// <summary>All drills: those that have not ended are in memory, and go on where an earlier process left them.</summary>
internal sealed class MachineDrills(
    KeptStates<DrillRun> store, AgentRegistry registry, AgentClient calls, AgentSteps steps, GuestCheck check, PairFinder finder, MachineReturns returns, LiveDrills live, MachineHolds holds,
    TimeProvider time, ILogger<MachineDrill> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<Guid, MachineDrill> _live = new();
    private readonly SemaphoreSlim _beginning = new(1, 1);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly DrillServices _services = new(store, registry, calls, steps, check, live, holds, time, logger);

    /// <summary>Resumes what has not ended.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => StoreStart.RunAsync(async () =>
    {
        foreach (var run in await store.LoadLiveAsync(cancellationToken))
        {
            live.TryAdd(run.Machine, run.Host);
            Add(run, isNew: false);
        }

        _resumed.TrySetResult();
    });

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_live.Values.Select(one => one.StopAsync()));
    }

    /// <summary>Starts a drill.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="created">The audit entry of the request.</param>
    /// <param name="createdBy">Who asks.</param>
    /// <param name="cancellationToken">Cancels the search; nothing is started.</param>
    public async Task<MachineDrill> CreateAsync(WantedDrill wanted, AuditEntry created, string createdBy, CancellationToken cancellationToken)
    {
        var (machine, name, host) = await finder.FindReplicaAsync(wanted.Machine, wanted.Host, cancellationToken);
        // A return that stands still is no obstacle: before its outage is the time to prove that home would boot.
        if (holds.HeldByOther(machine, campaign: Guid.Empty) is { } held && (held.Campaign != ResourceNames.Return(machine) || returns.IsActive(machine)))
        {
            throw Held(name, held.Explanation, held.Campaign);
        }

        if (!live.TryAdd(machine, host))
        {
            throw Held(name, "has a drill that has not ended", "");
        }

        try
        {
            var run = new DrillRun
            {
                Uid = Guid.NewGuid(),
                Machine = machine,
                MachineName = name,
                Host = host,
                CreateTime = time.GetUtcNow(),
                CreatedBy = createdBy,
                Plan = wanted.Plan,
                Soak = wanted.Soak,
                Switch = wanted.Switch.Length == 0 ? null : wanted.Switch,
                ProofValidFor = wanted.ProofValidFor,
                Epoch = 1,
                Version = 1,
            };
            await RequireIsolatedAsync(run, cancellationToken);
            await store.WriteAsync(run, created with { Target = ResourceNames.Drill(run.Uid) });
            return Add(run, isNew: true);
        }
        catch
        {
            live.Remove(machine);
            throw;
        }
    }

    /// <summary>Begins the drill of an owner that has the machine in hand, or joins it: its uid is the owner's, so that it is begun once.</summary>
    /// <param name="wanted">The drill, as it is when it is begun.</param>
    /// <param name="mayBegin">Whether it is begun when it never was.</param>
    /// <param name="cancellationToken">Cancels; nothing is begun.</param>
    /// <returns>The drill; null when it never was begun, and is not.</returns>
    /// <exception cref="Transport.RpcFailure">FAILED_PRECONDITION (MACHINE_HELD): another drill of the machine has not ended.</exception>
    public async Task<MachineDrill?> OfOwnerAsync(DrillRun wanted, bool mayBegin, CancellationToken cancellationToken)
    {
        // Returns resume first: one that was begun by an earlier process is known here only afterwards.
        await _resumed.Task.WaitAsync(cancellationToken);
        await _beginning.WaitAsync(cancellationToken);
        try
        {
            if (_live.TryGetValue(wanted.Uid, out var known))
            {
                return known;
            }

            if (await store.FindAsync(wanted.Uid, cancellationToken) is { } ended)
            {
                return new MachineDrill(ended, _services, _stop.Token);
            }

            if (!mayBegin)
            {
                return null;
            }

            if (!live.TryAdd(wanted.Machine, wanted.Host))
            {
                throw Held(wanted.MachineName, "has a drill that has not ended", "");
            }

            try
            {
                await store.WriteAsync(wanted, AuditEntry.OfCoordinator(wanted.CreateTime, "coordinator", "drill-begun", ResourceNames.Drill(wanted.Uid), new { @for = wanted.Owner!.Name }));
                return Add(wanted, isNew: true);
            }
            catch
            {
                live.Remove(wanted.Machine);
                throw;
            }
        }
        finally
        {
            _beginning.Release();
        }
    }

    /// <summary>Finds a drill; one that has ended is shown as it ended.</summary>
    /// <exception cref="Transport.RpcFailure">DRILL_NOT_FOUND.</exception>
    public async Task<MachineDrill> FindAsync(string name, CancellationToken cancellationToken)
    {
        var uid = ResourceNames.ParseDrill(name, "name");
        return _live.TryGetValue(uid, out var found) ? found
            : await store.FindAsync(uid, cancellationToken) is { } ended ? new MachineDrill(ended, _services, _stop.Token)
            : throw CampaignFailures.DrillNotFound(name);
    }

    public void Dispose()
    {
        foreach (var one in _live.Values)
        {
            one.Dispose();
        }

        _stop.Dispose();
        _beginning.Dispose();
    }

    private async Task RequireIsolatedAsync(DrillRun run, CancellationToken cancellationToken)
    {
        if (run.Switch is null)
        {
            return;
        }

        if (!registry.TryFind(run.Host, out var connection))
        {
            throw CampaignFailures.HostNotFound(ResourceNames.Host(run.Host));
        }

        var request = new GetMachineFactsRequest { VirtualMachineId = run.Machine.ToString("D").ToUpperInvariant(), VirtualSwitch = run.Switch };
        var shown = (await calls.CallAsync(connection, options => connection.Operations.GetMachineFactsAsync(request, options).ResponseAsync, cancellationToken)).VirtualSwitch;
        if (DrillDecision.NotIsolated(run, shown) is { } why)
        {
            throw CampaignFailures.Precondition("SWITCH_NOT_ISOLATED", why, ("switch", run.Switch), ("host", run.Host), ("seen", shown?.Observed ?? ""));
        }
    }

    private MachineDrill Add(DrillRun run, bool isNew)
    {
        // What has ended is in the store: drills are made for ever, and memory is not.
        foreach (var (uid, _) in _live.Where(one => one.Value.Watch().View.Run.EndTime is not null))
        {
            _live.TryRemove(uid, out _);
        }

        var added = new MachineDrill(run, _services, _stop.Token);
        _live[run.Uid] = added;
        if (run.Owner is null)
        {
            // The machine of an owner's drill is held by the owner.
            holds.Set(new MachineHold(run.Uid, ResourceNames.Drill(run.Uid), run.Machine, run.Host, HoldState.InFlight) { IsTest = true });
        }

        added.Start(isNew);
        return added;
    }

    private static Transport.RpcFailure Held(string machine, string why, string holder)
        => CampaignFailures.Precondition("MACHINE_HELD", $"{machine} {why}; end or pause that first", ("campaign", holder));
}
