using HostAgent.HyperV.Simulation;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>An outage of a machine, as its two hosts showed it.</summary>
/// <param name="Begin">When it ran nowhere for the first time.</param>
/// <param name="End">When it ran somewhere again; null when it has not.</param>
internal sealed record SeenOutage(DateTimeOffset Begin, DateTimeOffset? End);

/// <summary>
/// Looks at pairs of hosts all the time, beside the agents that serve them: when does each machine run nowhere, and how many at once? A machine that lost its power
/// after it had come home is not counted among those that were switched.
/// </summary>
internal sealed class PairWatch(IReadOnlyList<SimulatedPair> pairs) : IAsyncDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<Guid, List<SeenOutage>> _outages = [];
    private readonly HashSet<Guid> _home = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>How many services were down for their switch at once, at most.</summary>
    public int MostDown { get; private set; }

    /// <summary>The outages of a machine. Complete when the watch has ended.</summary>
    public IReadOnlyList<SeenOutage> OutagesOf(Guid machine) => _outages.GetValueOrDefault(machine) ?? [];

    public void Start() => _watching = Task.Run(WatchAsync);

    /// <summary>Ends the watch.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
    }

    private async Task WatchAsync()
    {
        // Each look takes the lock of its pair, which the agents need as well.
        using var timer = new PeriodicTimer(Often * Math.Max(1, pairs.Count / 10));
        try
        {
            do
            {
                var down = 0;
                foreach (var pair in pairs)
                {
                    foreach (var machine in pair.Second.Description.VirtualMachines)
                    {
                        down += IsSwitching(machine.Id, pair) ? 1 : 0;
                    }
                }

                MostDown = Math.Max(MostDown, down);
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private bool IsSwitching(Guid machine, SimulatedPair pair)
    {
        var content = pair.Compare(machine);
        var now = TimeProvider.System.GetUtcNow();
        var seen = _outages.TryGetValue(machine, out var known) ? known : _outages[machine] = [];
        if (content.FirstRuns || content.SecondRuns)
        {
            if (seen is [.., { End: null } open])
            {
                seen[^1] = open with { End = now };
            }

            if (content.FirstRuns)
            {
                _home.Add(machine);
            }

            return false;
        }

        if (seen is not [.., { End: null }])
        {
            seen.Add(new SeenOutage(now, null));
        }

        return !_home.Contains(machine);
    }
}
