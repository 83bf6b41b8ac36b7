using System.Diagnostics;
using HostAgent.Cli;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;

namespace HostAgent.Failback.Tests;

/// <summary>Many agents in one process, and pairs whose hosts are served by two.</summary>
public sealed class RunAgentsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CommandLine _failback = TestProgram.CommandLine(Deadline);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Agents_of_all_hosts_answer_until_they_are_stopped_and_their_pairs_can_be_broken()
    {
        var estate = _directory.Write("estate.yaml", "apiVersion: failback/v1\nkind: Estate\ngenerate: { pairs: 2, virtualMachines: 2, seed: 7, scenario: reversed }\n");
        using var stopped = new CancellationTokenSource();
        var listening = _failback.OutputWriter.NextAsync(line => line.Contains("agents listen", StringComparison.Ordinal));
        var running = _failback.RunAsync(stopped.Token, "run-agents", estate, "--directory", Path.Combine(_directory.Path, "agents"));
        await Task.WhenAny(listening, running).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        running.IsCompleted.ShouldBeFalse(_failback.Error);
        (await listening).ShouldStartWith("4 agents listen; inventory: ");

        using var authority = CertificateAuthority.Load(Path.Combine(_directory.Path, "agents", "ca.pem"), Path.Combine(_directory.Path, "agents", "ca-key.pem"), TimeProvider.System);
        var person = authority.Issue(PeerRole.Operator, "me", TimeSpan.FromDays(1)).WriteTo(_directory.Path);
        var inventory = await File.ReadAllLinesAsync(Path.Combine(_directory.Path, "agents", "hosts.yaml"), TestContext.Current.CancellationToken);
        var agents = inventory.Where(line => line.Contains("- name:", StringComparison.Ordinal)).Zip(inventory.Where(line => line.Contains("address:", StringComparison.Ordinal)), (name, address)
            => (IDemoNode)new Node(name.Split(": ")[1], new Uri(address.Split(": ")[1]))).ToList();
        agents.Count.ShouldBe(4);
        (await HostAgent.Failback.Demo.InitiationCount.AskAsync(agents, person, TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBe(0);

        (await CommandAsync("estate", "fail-power", estate, "--host", "dr-west-01")).ShouldBeEmpty();
        (await CommandAsync("estate", "cut-link", estate, "--host", "dr-west-02", "--both")).ShouldBeEmpty();
        var lines = await CommandAsync("estate", "compare", estate);
        lines.Count(line => line.Contains("runs on dr-west-02; both ran for 0 s;", StringComparison.Ordinal)).ShouldBe(2);
        lines.Count(line => line.Contains("runs on neither;", StringComparison.Ordinal)).ShouldBe(2);

        await stopped.CancelAsync();
        (await running).ShouldBe(ExitCode.Success);
    }

    [Theory]
    [InlineData("--address", "0.0.0.0", "--address: \"0.0.0.0\" is not allowed")]
    [InlineData("--host", "hv-*", "--host: no host fits hv-*; the estate has main-west-01, dr-west-01.")]
    [InlineData("--first-port", "65535", "--first-port: \"65535\" is not allowed; 2 hosts need ports up to 65536")]
    public async Task What_cannot_be_is_refused_by_name(string option, string value, string expected)
    {
        var estate = _directory.Write("estate.yaml", "apiVersion: failback/v1\nkind: Estate\ngenerate: { pairs: 1, virtualMachines: 0 }\n");
        (await _failback.RunAsync("run-agents", estate, "--directory", _directory.Path, option, value)).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines[0].ShouldStartWith(expected);
    }

    [Fact]
    public async Task Pair_that_nobody_has_served_has_nothing_to_compare()
    {
        var estate = _directory.Write("estate.yaml", "apiVersion: failback/v1\nkind: Estate\ngenerate: { pairs: 1, virtualMachines: 1 }\n");
        (await _failback.RunAsync("estate", "compare", estate)).ShouldBe(ExitCode.Failed);
        _failback.ErrorLines[0].ShouldContain("no agent has served either of them yet");
    }

    [Fact]
    public async Task Machine_comes_home_with_every_write_although_the_agents_of_both_hosts_are_killed_again_and_again()
    {
        const double Speed = 200;
        var path = _directory.Write("estate.yaml", """
            apiVersion: failback/v1
            kind: Estate
            hosts: [{ name: main-01, linkMegabitsPerSecond: 10000 }, { name: dr-01, linkMegabitsPerSecond: 10000 }]
            pairs:
              - { home: main-01, recovery: dr-01, virtualMachines: [{ name: sql-01, scenario: failedOver, diskGigabytes: 20, changedGigabytes: 1 }] }
            """);
        using var killed = new CancellationTokenSource();
        await using var home = await AgentProcess.StartAsync(path, "main-01", Path.Combine(_directory.Path, "home"), Speed);
        await using var recovery = await AgentProcess.StartAsync(path, "dr-01", Path.Combine(_directory.Path, "recovery"), Speed);
        var estate = EstateDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), path).Require();
        var id = new VirtualMachineId(estate.Hosts[0].VirtualMachines[0].Id);
        await using var pair = await SimulatedPair.OpenAsync(
            estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(path), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killing = KillInTurnAsync([home, recovery], both, killed.Token);

        await CallAsync(pair.First, calls => calls.RequestReplicationStateAsync(id, ReplicationState.WaitingToCompleteInitialReplication, TestContext.Current.CancellationToken));
        await ReverseAsync(pair.Second, id);
        await CallAsync(pair.Second, calls => calls.StartReplicationAsync(id, InitialReplicationType.Seeded, exportFolder: null, TestContext.Current.CancellationToken));
        await UntilAsync(pair.First, id, machine => machine.ReplicationState == ReplicationState.Replicating);
        await both.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await CallAsync(pair.Second, async calls => (await calls.ShutDownGuestAsync(id, force: false, "planned failover", TestContext.Current.CancellationToken)).ShouldNotBeNull());
        await UntilAsync(pair.Second, id, machine => machine.EnabledState == EnabledState.Off);
        await CallAsync(pair.Second, calls => calls.RequestReplicationStateAsync(id, ReplicationState.SyncedReplicationComplete, TestContext.Current.CancellationToken));
        await UntilAsync(pair.First, id, machine => machine.Relationship?.LastReplicationType == ReplicationType.Planned);
        await CallAsync(pair.First, calls => calls.InitiateFailoverAsync(id, point: null, TestContext.Current.CancellationToken));
        await CallAsync(pair.First, calls => calls.StartMachineAsync(id, TestContext.Current.CancellationToken));
        await ReverseAsync(pair.First, id);
        await UntilAsync(pair.Second, id, machine => machine is { ReplicationMode: ReplicationMode.Replica, ReplicationState: ReplicationState.Replicating });
        await killed.CancelAsync();
        var kills = await killing;

        kills.ShouldBeGreaterThan(1);
        pair.Compare(id.Value).ShouldSatisfyAllConditions(
            content => content.FirstRuns.ShouldBeTrue(),
            content => content.SecondRuns.ShouldBeFalse(),
            content => content.BothRan.ShouldBe(TimeSpan.Zero),
            content => content.FirstLacks.ShouldBe(TimeSpan.Zero),
            content => content.FirstIsMixed.ShouldBeFalse());
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills");
    }

    private static async Task<int> KillInTurnAsync(AgentProcess[] agents, TaskCompletionSource each, CancellationToken cancellationToken)
    {
        var kills = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var agent = agents[kills++ % agents.Length];
            await agent.KillAsync();
            if (kills == agents.Length)
            {
                each.SetResult();
            }

            await agent.StartAsync();
        }

        return kills;
    }

    private static Task ReverseAsync(SimulatedHost host, VirtualMachineId id) => CallAsync(host, async calls =>
    {
        var settings = await new HyperVHost(host.OpenSession(), TimeProvider.System).GetReplicationSettingsAsync(id, TestContext.Current.CancellationToken);
        return await calls.ReverseReplicationAsync(id, settings!.ToEmbeddedText(), TestContext.Current.CancellationToken);
    });

    // Another job may still be running on the machine.
    private static async Task CallAsync(SimulatedHost host, Func<FailoverCalls, Task<ServiceAnswer>> call)
    {
        var answer = await PollAsync(() => call(new FailoverCalls(host.OpenSession())), answer => answer is { Code: HyperV.Failback.ReturnCode.Completed or HyperV.Failback.ReturnCode.JobStarted });
        if (answer.Job is { } job)
        {
            var door = new HyperVHost(host.OpenSession(), TimeProvider.System);
            (await PollAsync(() => door.GetJobAsync(job, TestContext.Current.CancellationToken), found => found is null or { IsTerminal: true }))?.Verdict.ShouldBe(HyperV.Jobs.JobVerdict.Succeeded);
        }
    }

    private static Task<VirtualMachine?> UntilAsync(SimulatedHost host, VirtualMachineId id, Func<VirtualMachine, bool> reached)
    {
        var door = new HyperVHost(host.OpenSession(), TimeProvider.System);
        return PollAsync(() => door.FindVirtualMachineAsync(id, TestContext.Current.CancellationToken), machine => machine is not null && reached(machine));
    }

    // The hosts' work takes real time, and nothing tells its end.
    private static async Task<T> PollAsync<T>(Func<Task<T>> look, Func<T, bool> reached)
    {
        var began = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (reached(seen))
            {
                return seen;
            }

            began.Elapsed.ShouldBeLessThan(Deadline, seen?.ToString());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<IReadOnlyList<string>> CommandAsync(params string[] arguments)
    {
        using var failback = TestProgram.CommandLine();
        (await failback.RunAsync(arguments)).ShouldBe(ExitCode.Success, failback.Error);
        return [.. failback.OutputLines.Where(line => line.Length > 0)];
    }

    private sealed record Node(string Name, Uri Address) : IDemoNode
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>The agent of one host in its own process.</summary>
    private sealed class AgentProcess(string estate, string host, string directory, double speed) : IAsyncDisposable
    {
        private Process? _process;

        public static async Task<AgentProcess> StartAsync(string estate, string host, string directory, double speed)
        {
            var agent = new AgentProcess(estate, host, directory, speed);
            await agent.StartAsync();
            return agent;
        }

        public async Task StartAsync()
        {
            var start = ThisProgram.StartInfo("run-agents", estate, "--directory", directory, "--host", host, "--speed", FormattableString.Invariant($"{speed}"));
            start.RedirectStandardOutput = true;
            _process = Process.Start(start)!;
            var seen = new List<string>();
            while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                seen.Add(line);
                if (line.Contains("agents listen", StringComparison.Ordinal))
                {
                    return;
                }
            }

            throw new InvalidOperationException($"{host} did not start: {string.Join('\n', seen)}");
        }

        public async Task KillAsync()
        {
            _process!.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        public async ValueTask DisposeAsync() => await KillAsync();
    }
}
