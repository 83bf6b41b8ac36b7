using System.Globalization;
using HostAgent.Cli;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.Failback.Servers;

namespace HostAgent.Failback.Demo;

/// <summary>Several coordinators of one database, each in a process of its own: one is at work, the others stand by.</summary>
/// <param name="starter">Starts them.</param>
/// <param name="argumentsOf">The command line of one, by its address and its name.</param>
/// <param name="database">Their database.</param>
/// <param name="time">The clock.</param>
internal sealed class DemoCoordinators(ChildProcessNodes starter, Func<string, string, string[]> argumentsOf, DemoDatabase database, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ChildProcessNode> _nodes = [];
    private readonly List<string> _addresses = [];

    /// <summary>The one that is at work.</summary>
    public ChildProcessNode AtWork { get; private set; } = null!;

    /// <summary>Where all of them listen, or will.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _addresses.Select(address => new Uri($"https://{address}"))];

    /// <summary>Starts them; the first one is at work.</summary>
    public async Task StartAsync(int count, CancellationToken cancellationToken)
    {
        for (var index = 0; index < count; index++)
        {
            _addresses.Add(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{DemoDatabase.FreePort()}"));
            _nodes.Add(Begin(index));
            if (index == 0)
            {
                await _nodes[0].ReadyAsync(Patience, cancellationToken);
            }
        }

        AtWork = _nodes[0];
    }

    /// <summary>Kills the one that is at work, without a warning, waits for another one, and starts the killed one again, which stands by then.</summary>
    /// <returns>The names of both, and the time from the kill until the other one was at work.</returns>
    /// <exception cref="CommandException">None of the others was.</exception>
    public async Task<(string Killed, string Successor, TimeSpan After)> KillAsync(CancellationToken cancellationToken)
    {
        var killed = _nodes.IndexOf(AtWork);
        var began = time.GetTimestamp();
        await AtWork.KillAsync();
        var others = _nodes.Where(node => node != AtWork).ToList();
        try
        {
            await Task.WhenAny(others.Select(node => node.BeginsWork)).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new CommandException(ExitCode.Failed, $"{AtWork.Name} was killed, and none of {string.Join(", ", others.Select(node => node.Name))} took over within {Patience.TotalSeconds:0} s.");
        }

        var after = time.GetElapsedTime(began);
        await AtWork.DisposeAsync();
        _nodes[killed] = Begin(killed);
        AtWork = others.First(node => node.BeginsWork.IsCompleted);
        return (_nodes[killed].Name, AtWork.Name, after);
    }

    /// <summary>Stops those that stand by, so that none of them takes over, then the one at work.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OrderBy(node => node == AtWork))
        {
            await node.DisposeAsync();
        }
    }

    private ChildProcessNode Begin(int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"coordinator-{index + 1}");
        return starter.Begin(NodeProgram.Coordinator, name, [.. argumentsOf(_addresses[index], name), .. database.Arguments, "--standby", "true"]);
    }
}
