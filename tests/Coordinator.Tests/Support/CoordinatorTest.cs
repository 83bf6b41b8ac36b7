using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>A test over real sockets: an authority, some hosts and a coordinator over them.</summary>
public abstract class CoordinatorTest : IAsyncLifetime
{
    private readonly List<FakeAgent> _agents = [];

    private protected Pki Pki { get; } = new();

    private protected TestCoordinator Coordinator { get; private set; } = null!;

    private protected IReadOnlyList<FakeAgent> Agents => _agents;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Coordinator is not null)
        {
            await Coordinator.DisposeAsync();
        }

        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        Pki.Dispose();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what a test has made besides agents and a coordinator, after both have ended.</summary>
    private protected virtual ValueTask CleanAsync() => ValueTask.CompletedTask;

    /// <summary>Asks again and again until the answer is yes.</summary>
    private protected static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            try
            {
                await look.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Waited {Limits.Patience} in vain for: {what}.", late);
            }
        }
    }

    /// <summary>Gives a command; false when it is UNAVAILABLE for now.</summary>
    private protected static async Task<bool> IsTakenAsync(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (Grpc.Core.RpcException exception) when (exception.StatusCode == Grpc.Core.StatusCode.Unavailable)
        {
            return false;
        }
    }

    private protected async Task<FakeAgent> AddAgentAsync(string name, params string[] machines)
    {
        var agent = await new FakeAgent(Pki, name, machines).StartAsync();
        _agents.Add(agent);
        return agent;
    }

    private protected async Task<TestCoordinator> StartCoordinatorAsync(TimeProvider? time = null, IReadOnlyList<string>? arguments = null) =>
        Coordinator = await new TestCoordinator(Pki, _agents.Select(agent => (agent.Name, agent.Address))) { Time = time ?? TimeProvider.System, Arguments = arguments ?? [] }.StartAsync();

    private protected async Task<ManagedHost> UntilHostAsync(string host, Reachability reachability)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            // Each question is itself what makes the coordinator look.
            var seen = await Coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = $"hosts/{host}" }, cancellationToken: deadline.Token);
            if (seen.Reachability == reachability)
            {
                return seen;
            }

            await pause.WaitForNextTickAsync(deadline.Token);
        }
    }
}
