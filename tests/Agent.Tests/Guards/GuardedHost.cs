using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Journal;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Agent.Tests.Guards;

/// <summary>A simulated host and a real journal whose agent may be restarted, on a clock that the test sets.</summary>
internal sealed class GuardedHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SimulatedHost _simulated;
    private readonly LiveOperations _live = new();
    private readonly AgentOptions _options;
    private RunRecords _runs = null!;
    private UnfinishedCommand _command = null!;

    private GuardedHost(SimulatedHost simulated, Action<AgentOptions>? set)
    {
        _simulated = simulated;
        _options = new AgentOptions { Data = _directory.Path };
        set?.Invoke(_options);
        Session = new SessionUnderTest(simulated.OpenSession());
        Host = new HyperVHost(simulated.OpenNamespaces() with { Virtualization = Session }, TimeProvider.System);
        Restart();
    }

    public FakeTimeProvider Time { get; } = new(Recorded.Now);

    public HyperVHost Host { get; }

    public SessionUnderTest Session { get; }

    public OperationJournal Journal { get; private set; } = null!;

    public UnfinishedMachines Machines { get; private set; } = null!;

    public CollectedLog Log { get; } = new();

    /// <summary>Where it is written down for which machines the site's program was run.</summary>
    public string RecordPath => Path.Combine(_directory.Path, "unfinished-commands.json");

    public IReadOnlyList<string> Warnings => [.. Log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];

    public static Task<GuardedHost> OpenAsync(params IReadOnlyList<SimulatedVirtualMachineDescription> machines) => OpenAsync(set: null, machines);

    public static async Task<GuardedHost> OpenAsync(Action<AgentOptions>? set, params IReadOnlyList<SimulatedVirtualMachineDescription> machines)
        => new(await SimulatedHost.OpenAsync(Stage.Host(machines), new SimulationOptions { Speed = 5000, Seed = 1 }, TimeProvider.System, TestContext.Current.CancellationToken), set);

    public async Task RestartAsync()
    {
        Machines.Dispose();
        await _command.StopAsync(CancellationToken.None);
        _command.Dispose();
        _runs.Dispose();
        await Journal.DisposeAsync();
        Restart();
    }

    public Task<OperationSnapshot> StepAsync(string kind, OperationState state = OperationState.Succeeded, int machine = 1)
        => Journal.RecordAsync(Recorded.Facts(Guid.NewGuid(), Stage.Id(machine)) with { Kind = kind }, state);

    public async Task<IReadOnlyList<UnfinishedMachine>> LookAfterAsync(TimeSpan time)
    {
        Time.Advance(time);
        await Machines.LookAsync(TestContext.Current.CancellationToken);
        return Machines.Shown;
    }

    public async Task StartMachineAsync(int machine)
    {
        var id = new VirtualMachineId(Stage.Id(machine));
        await Host.Failover.StartMachineAsync(id, TestContext.Current.CancellationToken);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Host.FindVirtualMachineAsync(id, deadline.Token))!.EnabledState != EnabledState.Running)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Machines.Dispose();
        await _command.StopAsync(CancellationToken.None);
        _command.Dispose();
        _runs.Dispose();
        await Journal.DisposeAsync();
        await _simulated.DisposeAsync();
        _directory.Dispose();
    }

    private void Restart()
    {
        Journal = Recorded.Open(_directory.Combine("data"));
        _runs = new RunRecords(_directory.Path, Journal, NullLogger<RunRecords>.Instance);
        var facts = new MachineFactsSource(Host, _live, new FactsTickets(Time), _runs, HostTiming.Real, Time);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(Log));
        var identity = new AgentIdentity(Stage.HostName, "1.0.0", Time.GetUtcNow());
        _command = new UnfinishedCommand(_options, identity, Time, new Logger<UnfinishedCommand>(loggers));
        _ = _command.StartAsync(CancellationToken.None);
        Machines = new UnfinishedMachines(Journal, _live, facts, _command, identity, Time, new Logger<UnfinishedMachines>(loggers));
    }
}
