using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests.Pairs;

/// <summary>
/// An estate with one pair, whose hosts are opened one by one as the agents of two processes do: each has its own copy of both, and they meet in the files alone.
/// The machine is at home and at the recovery site as the scenario says.
/// </summary>
internal sealed class SharedPair : IAsyncDisposable
{
    public const string Home = "main-01";
    public const string Recovery = "dr-01";

    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("pair-test-");
    private readonly List<Client> _clients = [];

    public SharedPair(PairScenario scenario, SimulatedLinkDescription? link = null)
    {
        var text = $$"""
            apiVersion: failback/v1
            kind: Estate
            hosts:
              - { name: {{Home}}, linkMegabitsPerSecond: 10000, compareMegabytesPerSecond: 1000, mergeMegabytesPerSecond: 1000 }
              - { name: {{Recovery}}, linkMegabitsPerSecond: 10000, compareMegabytesPerSecond: 1000, mergeMegabytesPerSecond: 1000 }
            pairs:
              - home: {{Home}}
                recovery: {{Recovery}}
                virtualMachines:
                  - { name: sql-01, diskGigabytes: 10, changedGigabytes: 1, scenario: {{char.ToLowerInvariant(scenario.ToString()[0])}}{{scenario.ToString()[1..]}} }
            """;
        Estate = EstateDocument.Parse(text, "estate.yaml").Require();
        if (link is not null)
        {
            Estate = Estate with { Pairs = [Estate.Pairs[0] with { Link = link }] };
        }
    }

    public FakeTimeProvider Time { get; } = new(Stage.Began);

    public Estate Estate { get; }

    public string Directory => _directory.FullName;

    public VirtualMachineId Id => new(Estate.Hosts[1].VirtualMachines[0].Id);

    public SimulationOptions Options { get; set; } = new() { MinimumJobRetention = TimeSpan.Zero };

    /// <summary>Opens a host as its agent does.</summary>
    public async Task<Client> OpenAsync(string host, TimeProvider? time = null)
    {
        var client = new Client(await SimulatedHost.OpenAsync(Estate, host, Options with { PairDirectory = Directory }, time ?? Time, Stage.Token), time ?? Time, Id);
        _clients.Add(client);
        return client;
    }

    /// <summary>Opens both beside whoever serves them.</summary>
    public Task<SimulatedPair> LookAsync() => SimulatedPair.OpenAsync(Estate, Estate.Pairs[0], Options with { PairDirectory = Directory }, Time, Stage.Token);

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>One host as its agent uses it.</summary>
    internal sealed class Client(SimulatedHost host, TimeProvider time, VirtualMachineId id) : IAsyncDisposable
    {
        public SimulatedHost Host { get; } = host;

        public HyperVHost Door { get; } = new(host.OpenSession(), time);

        public FailoverCalls Calls { get; } = new(host.OpenSession());

        public async Task<VirtualMachine> SeeAsync() => (await Door.FindVirtualMachineAsync(id, Stage.Token)).ShouldNotBeNull();

        public async Task<(ReplicationMode Mode, ReplicationState State)> StateAsync()
        {
            var machine = await SeeAsync();
            return (machine.ReplicationMode, machine.ReplicationState);
        }

        public Task<ServiceAnswer> ReverseAsync() => WithSettingsAsync(settings => Calls.ReverseReplicationAsync(id, settings, Stage.Token));

        public Task<ServiceAnswer> PrepareAsync() => AcceptedAsync(Calls.RequestReplicationStateAsync(id, ReplicationState.SyncedReplicationComplete, Stage.Token));

        public Task<ServiceAnswer> BecomeReplicaAsync() => AcceptedAsync(Calls.RequestReplicationStateAsync(id, ReplicationState.WaitingToCompleteInitialReplication, Stage.Token));

        public Task<ServiceAnswer> StartReplicationAsync() => AcceptedAsync(Calls.StartReplicationAsync(id, InitialReplicationType.Seeded, exportFolder: null, Stage.Token));

        public Task<ServiceAnswer> FailOverAsync() => AcceptedAsync(Calls.InitiateFailoverAsync(id, point: null, Stage.Token));

        public Task<ServiceAnswer> StartAsync() => AcceptedAsync(Calls.StartMachineAsync(id, Stage.Token));

        public async Task ShutDownAsync() => (await Calls.ShutDownGuestAsync(id, force: false, "planned failover", Stage.Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.Completed);

        public async Task<JobVerdict?> VerdictAsync(ServiceAnswer answer) => (await Door.GetJobAsync(answer.Job!, Stage.Token))?.Verdict;

        public ValueTask DisposeAsync() => Host.DisposeAsync();

        private async Task<ServiceAnswer> WithSettingsAsync(Func<string, Task<ServiceAnswer>> call)
            => await AcceptedAsync(call((await Door.GetReplicationSettingsAsync(id, Stage.Token)).ShouldNotBeNull().ToEmbeddedText()));

        private static async Task<ServiceAnswer> AcceptedAsync(Task<ServiceAnswer> call)
        {
            var answer = await call;
            answer.Code.ShouldBe(ReturnCode.JobStarted);
            return answer;
        }
    }
}
