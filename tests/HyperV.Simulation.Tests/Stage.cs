using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests;

/// <summary>One simulated host under a fake clock, seen through the same door that the agent uses.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public static readonly DateTimeOffset Began = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    private Stage(FakeTimeProvider time, SimulatedHost host)
    {
        Time = time;
        Host = host;
        Session = host.OpenSession();
        Door = new HyperVHost(host.OpenNamespaces() with { Virtualization = Session }, time);
    }

    public FakeTimeProvider Time { get; }

    public SimulatedHost Host { get; }

    public ICimSession Session { get; }

    public HyperVHost Door { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A machine whose failback takes 1 s + 4 s + 100 s compare + 80 s transfer alone + 60 s merge.</summary>
    public static SimulatedVirtualMachineDescription Machine(string name = "sql-01", int number = 1) => new()
    {
        Name = name,
        Id = new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]),
        DiskGigabytes = 10,
        ChangedGigabytes = 10,
    };

    public static SimulatedHostDescription HostOf(params IReadOnlyList<SimulatedVirtualMachineDescription> machines) => new()
    {
        Name = "hv-west-01",
        LinkMegabitsPerSecond = 1000,
        CompareMegabytesPerSecond = 100,
        MergeMegabytesPerSecond = 200,
        VirtualMachines = machines,
    };

    public static async Task<Stage> OpenAsync(
        SimulatedHostDescription? host = null, SimulationOptions? options = null, FakeTimeProvider? time = null)
    {
        time ??= new FakeTimeProvider(Began);
        return new Stage(time, await SimulatedHost.OpenAsync(
            host ?? HostOf(Machine()), options ?? new SimulationOptions { MinimumJobRetention = TimeSpan.Zero }, time, Token));
    }

    public async Task<FailbackAnswer> InitiateAsync(VirtualMachineId? id = null, string? settings = null, string? point = null)
    {
        var machine = id ?? new VirtualMachineId(Host.Description.VirtualMachines[0].Id);
        settings ??= (await Door.GetReplicationSettingsAsync(machine, Token)).ShouldNotBeNull().ToEmbeddedText();
        return await Door.InitiateFailbackAsync(new FailbackCall(machine, settings, point), Token);
    }

    public async Task<CimObjectPath> StartAsync(VirtualMachineId? id = null)
    {
        var answer = await InitiateAsync(id);
        answer.Code.ShouldBe(ReturnCode.JobStarted);
        return answer.Job.ShouldNotBeNull();
    }

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public async Task<ConcreteJob> JobAsync(CimObjectPath path) => (await Door.GetJobAsync(path, Token)).ShouldNotBeNull();

    public async Task<ReplicationState> StateAsync(VirtualMachineId? id = null)
        => (await Door.FindVirtualMachineAsync(id ?? new VirtualMachineId(Host.Description.VirtualMachines[0].Id), Token)).ShouldNotBeNull().ReplicationState;

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Host.DisposeAsync();
    }
}
