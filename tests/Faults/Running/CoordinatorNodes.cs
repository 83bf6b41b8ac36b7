using HostAgent.Faults.Histories;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Running;

/// <summary>A coordinator that shares its database with others.</summary>
/// <param name="name">Its name in the log.</param>
/// <param name="process">Its process.</param>
/// <param name="wire">Its way to the database, and nobody else's.</param>
internal sealed class CoordinatorNode(string name, ServerProcess process, FaultProxy wire)
{
    /// <summary>Its name in the log.</summary>
    public string Name => name;

    /// <summary>Its process.</summary>
    public ServerProcess Process => process;

    /// <summary>Its way to the database.</summary>
    public FaultProxy Wire => wire;

    /// <summary>Whether it is stopped in its tracks, or cut off: it may believe that it is at work.</summary>
    public bool IsImpaired { get; set; }

    /// <summary>How long it stays down the next time that it ends.</summary>
    public TimeSpan Down { get; set; } = CoordinatorNodes.Restart;
}

/// <summary>
/// Several coordinators of one database, of which one is at work and the others stand by. Whatever ends one, a service manager starts it again: one that has lost its place ends by itself.
/// </summary>
internal sealed class CoordinatorNodes : IAsyncDisposable
{
    /// <summary>How long a service manager waits.</summary>
    public static readonly TimeSpan Restart = TimeSpan.FromSeconds(1);

    // Killed, stopped in order, no database at the start, and its place taken.
    private static readonly int[] ExpectedExits = [128 + 9, 0, 2, 3];
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<CoordinatorNode> _nodes;
    private readonly Task _supervision;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private CoordinatorNodes(IReadOnlyList<CoordinatorNode> nodes)
    {
        _nodes = nodes;
        _supervision = Task.WhenAll(nodes.Select(node => SuperviseAsync(node, _stopping.Token)));
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<CoordinatorNode> All => _nodes;

    /// <summary>Starts the others beside the first one, which is at work.</summary>
    /// <param name="cluster">The cluster with the first one.</param>
    /// <param name="wires">The way of each one to the database, that of the first one first.</param>
    /// <param name="argumentsOf">What is on the command line of one with a way.</param>
    public static CoordinatorNodes Start(Cluster cluster, IReadOnlyList<FaultProxy> wires, Func<FaultProxy, string[]> argumentsOf)
    {
        var nodes = new List<CoordinatorNode> { new("coordinator 1", cluster.Coordinator, wires[0]) };
        for (var index = 1; index < wires.Count; index++)
        {
            var process = cluster.AnotherCoordinator(FormattableString.Invariant($"coordinator-{index + 1}"), argumentsOf(wires[index]));
            process.Begin();
            nodes.Add(new(FormattableString.Invariant($"coordinator {index + 1}"), process, wires[index]));
        }

        return new CoordinatorNodes(nodes);
    }

    /// <summary>The one that is at work; waits until there is one.</summary>
    public async Task<CoordinatorNode> AtWorkAsync(CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(Often);
        while (true)
        {
            if (_nodes.FirstOrDefault(node => node is { IsImpaired: false, Process.IsReady: true }) is { } found)
            {
                return found;
            }

            if (_supervision.IsFaulted)
            {
                await _supervision;
            }

            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Ends the one that is at work, by a signal; it is started again after a while.</summary>
    /// <param name="signal">KILL or TERM.</param>
    /// <param name="down">How long it stays down.</param>
    /// <param name="struck">Is told what was done, and when.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EndAsync(string signal, TimeSpan down, Action<Strike> struck, CancellationToken cancellationToken)
    {
        var node = await AtWorkAsync(cancellationToken);
        var begin = Now;
        node.Down = down;
        await node.Process.SignalAsync(signal);
        await node.Process.EndedAsync(CancellationToken.None);
        struck(new Strike($"{node.Name}, which was at work, ended by {signal}", null, begin, Now, begin));
        await AtWorkAsync(cancellationToken);
    }

    /// <summary>Stops the one that is at work in its tracks, and lets it go on after a while.</summary>
    public Task FreezeAsync(TimeSpan time, Action<Strike> struck, CancellationToken cancellationToken)
        => ImpairAsync("stopped in its tracks", node => node.Process.SignalAsync("STOP"), node => node.Process.SignalAsync("CONT"), time, struck, cancellationToken);

    /// <summary>Takes the database away from the one that is at work, and from no other, for a while.</summary>
    public Task CutOffAsync(TimeSpan time, Action<Strike> struck, CancellationToken cancellationToken) => ImpairAsync(
        "cut off from the database",
        node => Task.FromResult(node.Wire.Fault = WireFault.LosesBoth),
        node => Task.FromResult(node.Wire.Fault = WireFault.None),
        time,
        struck,
        cancellationToken);

    /// <summary>Ends all of it.</summary>
    /// <exception cref="InvalidOperationException">One has ended in a way that no coordinator may end in.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _supervision;
        }
        catch (OperationCanceledException)
        {
            // Nobody is started again from here on.
        }
        finally
        {
            // The first one goes with its cluster.
            foreach (var node in _nodes.Skip(1))
            {
                await node.Process.DisposeAsync();
            }

            foreach (var node in _nodes)
            {
                await node.Wire.DisposeAsync();
            }

            _stopping.Dispose();
        }
    }

    private async Task ImpairAsync(
        string what, Func<CoordinatorNode, Task> impair, Func<CoordinatorNode, Task> mend, TimeSpan time, Action<Strike> struck, CancellationToken cancellationToken)
    {
        var node = await AtWorkAsync(cancellationToken);
        var begin = Now;
        node.IsImpaired = true;
        await impair(node);
        await Task.Delay(time, CancellationToken.None);
        await mend(node);
        // Another one may have its place by now: the time without either counts from the blow.
        struck(new Strike($"{node.Name}, which was at work, {what}", null, begin, Now, begin));
        await ReleaseAsync(node, cancellationToken);
    }

    // When another one is at work by now, this one has to end by itself.
    private async Task ReleaseAsync(CoordinatorNode node, CancellationToken cancellationToken)
    {
        var isReplaced = _nodes.Any(other => other != node && other is { IsImpaired: false, Process.IsReady: true });
        var lives = node.Process.Lives;
        node.IsImpaired = isReplaced;
        using var look = new PeriodicTimer(Often);
        while (isReplaced && node.Process.Lives == lives)
        {
            await look.WaitForNextTickAsync(cancellationToken);
        }

        node.IsImpaired = false;
    }

    private static async Task SuperviseAsync(CoordinatorNode node, CancellationToken stopping)
    {
        while (true)
        {
            await node.Process.EndedAsync(stopping);
            if (!ExpectedExits.Contains(node.Process.ExitCode))
            {
                throw new InvalidOperationException($"{node.Name} ended with {node.Process.ExitCode}:\n{node.Process.Output}");
            }

            await Task.Delay(node.Down, stopping);
            node.Down = Restart;
            node.Process.Begin();
        }
    }
}
