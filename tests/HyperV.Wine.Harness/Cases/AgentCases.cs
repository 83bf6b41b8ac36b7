using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Wine.Harness.Served;
using HostAgent.Transport;
using Microsoft.Extensions.DependencyInjection;
using OperationState = HostAgent.Agent.Operations.Model.OperationState;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>
/// The whole agent but its gRPC: journal, queue, operations, job watch and host, over the real adapter, from the order to the outcome.
/// </summary>
internal sealed class AgentCases : IAsyncLifetime
{
    private const double Speed = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);
    private static readonly Guid OperationId = new("22222222-0000-4000-8000-000000000001");

    private readonly string _data = Directory.CreateTempSubdirectory("agent-").FullName;
    private ServedHost? _served;

    private static CancellationToken Token => CancellationToken.None;

    private ServedHost Served => _served!;

    public async ValueTask InitializeAsync() => _served = await ServedHost.RunAsync(Speed, Token);

    public async ValueTask DisposeAsync()
    {
        await Served.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task The_agent_lists_the_hosts_machines()
    {
        await using var agent = await OpenAgentAsync();
        var machines = await agent.GetRequiredService<HyperVHost>().ListVirtualMachinesAsync(Token);
        machines.Select(machine => machine.Name).ShouldBe(["sql-01", ServedHost.AwkwardName], ignoreOrder: true);
        machines.ShouldAllBe(machine => machine.Relationship != null);
    }

    [Fact]
    public async Task A_failback_runs_from_the_order_to_its_success()
    {
        await using var agent = await OpenAgentAsync();
        await OrderAsync(agent);
        var events = await WatchToTheEndAsync(agent, OperationId);
        events.ShouldContain(one => one.State == OperationState.Running && one.PercentComplete > 0);
        events[^1].Outcome.ShouldNotBeNull().State.ShouldBe(OperationState.Succeeded, events[^1].Explanation);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_failback_whose_answer_is_lost_is_found_and_not_called_again()
    {
        var struck = 0;
        Served.Namespace.Interference = (station, method) =>
            station is Station.MethodAnswer && method == "InitiateFailback" && Interlocked.Exchange(ref struck, 1) == 0 ? CimErrorCode.RpcCallFailed : 0;
        await using var agent = await OpenAgentAsync();
        await OrderAsync(agent);
        (await WatchToTheEndAsync(agent, OperationId))[^1].Outcome.ShouldNotBeNull().State.ShouldBe(OperationState.Succeeded);
        struck.ShouldBe(1);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_failback_goes_on_when_the_management_infrastructure_is_restarted()
    {
        await using var agent = await OpenAgentAsync();
        await OrderAsync(agent);
        var events = await WatchToTheEndAsync(agent, OperationId, once: Served.Namespace.Restart);
        events[^1].Outcome.ShouldNotBeNull().State.ShouldBe(OperationState.Succeeded, events[^1].Explanation);
        Served.Namespace.Connections.ShouldBeGreaterThan(1);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_failback_goes_on_when_the_agent_is_restarted()
    {
        await using (var agent = await OpenAgentAsync())
        {
            await OrderAsync(agent);
            await foreach (var one in agent.GetRequiredService<OperationStreams>().WatchAsync(OperationId, 0, Token))
            {
                if (one.State == OperationState.Running)
                {
                    break;
                }
            }
        }

        await using var next = await OpenAgentAsync();
        (await WatchToTheEndAsync(next, OperationId))[^1].Outcome.ShouldNotBeNull().State.ShouldBe(OperationState.Succeeded);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Theory]
    [InlineData("delay-startup", false)]
    [InlineData("fence", false)]
    [InlineData("fence", true)]
    public async Task Step_of_the_way_home_runs_from_the_order_to_its_outcome(string kind, bool answerIsLost)
    {
        var (struck, id) = (0, new VirtualMachineId(Served.MachineId));
        var calls = new FailoverCalls(Served.Simulated);
        await calls.SetStartupActionAsync(id, StartupAction.Always, Token);
        Served.Namespace.Interference = (station, method) =>
            answerIsLost && station is Station.MethodAnswer && method == "ModifySystemSettings" && Interlocked.Exchange(ref struck, 1) == 0 ? CimErrorCode.RpcCallFailed : 0;
        await using var agent = await OpenAgentAsync();
        var steps = new OwnSteps(agent.GetRequiredService<StepKinds>());
        var order = kind == "fence" ? steps.Fence(id, "wine") : steps.DelayStartup(id, "wine");

        await agent.GetRequiredService<HostOperations>().AcceptAsync(order, Token);
        var events = await WatchToTheEndAsync(agent, order.OperationId);

        events[^1].Outcome.ShouldNotBeNull().State.ShouldBe(OperationState.Succeeded, events[^1].Explanation);
        struck.ShouldBe(answerIsLost ? 1 : 0);
        (await calls.ReadStartupAsync(id, Token)).ShouldBe(kind == "fence" ? new MachineStartup(StartupAction.None, TimeSpan.Zero) : new MachineStartup(StartupAction.Always, TimeSpan.FromMinutes(3)));
    }

    private async Task<ServiceProvider> OpenAgentAsync()
    {
        var hooks = new TestHooks
        {
            Connect = async token => new HostConnection(
                new HostNamespaces(await WmiSession.ConnectAsync(Adapter.Options, TimeProvider.System, token)), HostTiming.Simulated(Speed, TimeSpan.FromSeconds(15))),
        };
        var options = new AgentOptions { Data = _data, Host = Served.Host.Description.Name };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAgent(options, new AgentIdentity(options.Host, "0.0.0", TimeProvider.System.GetUtcNow()), hooks);
        var agent = services.BuildServiceProvider();
        await agent.GetRequiredService<AgentResources>().OpenAsync(Token);
        await agent.GetRequiredService<HostOperations>().RecoverAsync(Token);
        return agent;
    }

    private Task OrderAsync(ServiceProvider agent)
    {
        var request = new InitiateFailbackRequest { OperationId = OperationId.ToString(), VirtualMachineId = Served.MachineId.ToString() };
        return agent.GetRequiredService<HostOperations>().AcceptAsync(FailbackRequests.Read(request, agent.GetRequiredService<FailbackKind>(), new PeerIdentity(PeerRole.Coordinator, "wine", "CN=wine")), Token);
    }

    // Every event until the last; the first that says Running calls something once.
    private static async Task<List<OperationEvent>> WatchToTheEndAsync(ServiceProvider agent, Guid operation, Action? once = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var events = new List<OperationEvent>();
        await foreach (var one in agent.GetRequiredService<OperationStreams>().WatchAsync(operation, 0, deadline.Token))
        {
            events.Add(one);
            if (one.State == OperationState.Running)
            {
                once?.Invoke();
                once = null;
            }
        }

        return events;
    }
}
