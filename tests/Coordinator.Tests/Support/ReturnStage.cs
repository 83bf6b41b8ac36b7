using HostAgent.Agent;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Jobs;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ReturnsClient = HostAgent.Contracts.Campaigns.V1.Returns.ReturnsClient;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>Two simulated hosts that speak, a real agent on each, and a real coordinator over both.</summary>
internal sealed class ReturnStage : IAsyncDisposable
{
    public const string Recovery = "hv-west-01";
    public const string Home = "hv-east-01";
    private const double Speed = 300;

    private readonly Pki _pki = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("return-");
    private readonly Dictionary<string, WebApplication> _agents = [];

    private readonly TimeSpan? _heartbeat;
    private int _operations;

    private ReturnStage(TimeSpan? heartbeat, SimulatedPair pair) => (_heartbeat, Pair) = (heartbeat, pair);

    public static SimulatedVirtualMachineDescription Machine { get; } = new() { Name = "sql-01", Id = new Guid("00000001-0000-0000-0000-000000000001"), DiskGigabytes = 4, ChangedGigabytes = 1 };

    /// <summary>The machine at the recovery site, failed over and running.</summary>
    public static SimulatedVirtualMachineDescription FailedOver { get; } = Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running };

    /// <summary>The old primary at home, as it comes back after a crash of its host.</summary>
    public static SimulatedVirtualMachineDescription OldPrimary { get; } = Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize };

    public SimulatedPair Pair { get; }

    public TestCoordinator Coordinator { get; private set; } = null!;

    public ReturnsClient Returns { get; private set; } = null!;

    public static string Name => $"returns/{Machine.Id:D}";

    /// <summary>Whether the agents are older than the checks before a return.</summary>
    public bool AgentsAreOlder { get; set; }

    /// <summary>Which of the calls that start an operation is lost on its way to the agents, from 1; 0 for none.</summary>
    public int LosesOperation { get; set; }

    /// <summary>What a call to an agent waits for before it is answered; null for nothing.</summary>
    public Func<HttpContext, Task>? Before { get; set; }

    /// <param name="recovery">The machine at the recovery site.</param>
    /// <param name="home">The machine at home.</param>
    /// <param name="heartbeat">How long its heartbeat may take at home.</param>
    /// <param name="adapt">Changes a host before it is opened.</param>
    /// <param name="time">The coordinator's clock.</param>
    public static async Task<ReturnStage> StartAsync(
        SimulatedVirtualMachineDescription recovery, SimulatedVirtualMachineDescription home, TimeSpan? heartbeat = null, Func<SimulatedHostDescription, SimulatedHostDescription>? adapt = null, TimeProvider? time = null)
    {
        var options = new SimulationOptions { Speed = Speed, MinimumJobRetention = TimeSpan.FromSeconds(20) };
        adapt ??= host => host;
        var stage = new ReturnStage(
            heartbeat, await SimulatedPair.OpenAsync(adapt(Host(Recovery, recovery)), adapt(Host(Home, home)), options, options, TimeProvider.System));
        await stage.StartAgentAsync(Recovery, stage.Pair.First, "127.0.0.1:0");
        await stage.StartAgentAsync(Home, stage.Pair.Second, "127.0.0.1:0");
        stage.Coordinator = new TestCoordinator(stage._pki, stage._agents.Select(agent => (agent.Key, agent.Value.Urls.Single()))) { Time = time ?? TimeProvider.System };
        await stage.StartCoordinatorAsync();
        return stage;
    }

    public async Task StartCoordinatorAsync()
    {
        await Coordinator.StartAsync();
        Returns = new ReturnsClient(Coordinator.Connect(PeerRole.Operator, "dr-lead"));
    }

    /// <summary>Begins the return.</summary>
    public Task<Return> CreateAsync() => Returns.CreateReturnAsync(new CreateReturnRequest
    {
        VirtualMachine = Machine.Name,
        Check = new ReturnCheck { HeartbeatTimeout = _heartbeat is { } timeout ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(timeout) : null },
    }).ResponseAsync;

    /// <summary>Answers what was asked.</summary>
    public Task AnswerAsync(Return asked, string verb, string reason)
        => Returns.AnswerReturnAsync(new AnswerReturnRequest { Name = Name, Verb = verb, Evidence = asked.Next.Evidence, Reason = reason }).ResponseAsync;

    /// <summary>Makes single steps until something else than a step or a wait comes next.</summary>
    public async Task<Return> StepUntilAsync(NextKind kind)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        while (true)
        {
            var shown = await Returns.GetReturnAsync(new GetReturnRequest { Name = Name }, cancellationToken: deadline.Token);
            if (shown.Next.Kind == kind)
            {
                return shown;
            }

            if (shown.Next.Kind == NextKind.Step)
            {
                await Returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = Name }, cancellationToken: deadline.Token);
            }
        }
    }

    /// <summary>Approves whatever the return waits for until it has ended or asks, or until a condition holds.</summary>
    public async Task<Return> RunAsync(Func<Return, bool>? until = null)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        if ((await Returns.GetReturnAsync(new GetReturnRequest { Name = Name })) is { EndTime: null, Running: false })
        {
            await Returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = Name, RunToEnd = true });
        }

        using var call = Returns.WatchReturn(new WatchReturnRequest { Name = Name }, cancellationToken: deadline.Token);
        var last = new Return();
        try
        {
            while (await call.ResponseStream.MoveNext(deadline.Token))
            {
                last = call.ResponseStream.Current;
                if (until?.Invoke(last) == true || last.Next.Kind is NextKind.Ask or NextKind.Done or NextKind.Refused)
                {
                    return last;
                }

                if (last is { Step: null, Next.Kind: NextKind.Approval })
                {
                    await ApproveAsync(last);
                }
            }
        }
        catch (Grpc.Core.RpcException late) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {Limits.Patience} in vain for the end of the return. Last: {last}", late);
        }

        return last;
    }

    public async Task ApproveAsync(Return shown)
    {
        try
        {
            await Returns.ApproveReturnAsync(new ApproveReturnRequest { Name = Name, Gate = shown.Next.Gate, Evidence = shown.Next.Evidence });
        }
        catch (Grpc.Core.RpcException exception) when (RpcFailure.From(exception).Reason is "STEP_IN_HAND" or "NO_GATE" or "EVIDENCE_CHANGED")
        {
            // It was shown a moment ago; the next view is looked at instead.
        }
    }

    /// <summary>Has another coordinator claim the return of a uid at an agent.</summary>
    public async Task ClaimForOtherAsync(string host, string uid)
    {
        using var channel = PatientChannel.Create(new Uri(_agents[host].Urls.Single()), _pki.Identity(PeerRole.Coordinator, "other"), PeerRole.Agent, host);
        await new Contracts.Failback.V1.Failback.FailbackClient(channel).ClaimCampaignAsync(
            new Contracts.Failback.V1.ClaimCampaignRequest { CampaignId = uid, Epoch = 1, CoordinatorInstance = Guid.NewGuid().ToString("D") });
    }

    public async Task StopAgentAsync(string host)
    {
        var agent = _agents[host];
        await agent.StopAsync();
        await agent.DisposeAsync();
    }

    public Task StartAgentAgainAsync(string host, string address) => StartAgentAsync(host, host == Recovery ? Pair.First : Pair.Second, address);

    public string AddressOf(string host) => new Uri(_agents[host].Urls.Single()).Authority;

    public async ValueTask DisposeAsync()
    {
        if (Coordinator is not null)
        {
            await Coordinator.DisposeAsync();
        }

        foreach (var agent in _agents.Values)
        {
            await agent.DisposeAsync();
        }

        await Pair.DisposeAsync();
        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    private static SimulatedHostDescription Host(string name, SimulatedVirtualMachineDescription machine) => new()
    {
        Name = name,
        Provider = ReplicationProviderKind.InBox,
        LinkMegabitsPerSecond = 10_000,
        CompareMegabytesPerSecond = 1000,
        MergeMegabytesPerSecond = 1000,
        VirtualMachines = [machine],
    };

    private static Task Unimplemented(HttpContext call)
    {
        call.Response.ContentType = "application/grpc";
        call.Response.Headers["grpc-status"] = "12";
        return Task.CompletedTask;
    }

    private async Task StartAgentAsync(string name, SimulatedHost host, string listen)
    {
        var files = _pki.Files(PeerRole.Agent, name);
        var timing = HostTiming.Simulated(Speed, TimeSpan.FromSeconds(20)) with { UndecidedGracePeriod = TimeSpan.FromMilliseconds(500), ShortestPoll = TimeSpan.FromMilliseconds(50), LongestPoll = TimeSpan.FromMilliseconds(200) };
        var agent = await AgentApplication.CreateAsync(
            [
                "--listen", listen, "--data", Path.Combine(_directory.FullName, name), "--host", name,
                "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
                "--Logging:LogLevel:Default", "None",
            ],
            new TestHooks { Connect = _ => Task.FromResult(new HostConnection(host.OpenNamespaces(), timing, () => host.Initiations.Total)) });
        agent.Use((call, next) => AgentsAreOlder && call.Request.Path.Value!.EndsWith("/GetHomeFacts", StringComparison.Ordinal) ? Unimplemented(call) : next(call));
        agent.Use(async (call, next) =>
        {
            await (Before?.Invoke(call) ?? Task.CompletedTask);
            await next(call);
        });
        agent.Use((call, next) =>
        {
            if (!call.Request.Path.Value!.EndsWith("/StartOperation", StringComparison.Ordinal) || Interlocked.Increment(ref _operations) != LosesOperation)
            {
                return next(call);
            }

            call.Abort();
            return Task.CompletedTask;
        });
        await agent.StartAsync();
        _agents[name] = agent;
    }
}
