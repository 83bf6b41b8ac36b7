using HostAgent.Agent.Disks;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Agent.Tests.Disks;

public sealed class DiskInventoryTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero));
    private readonly CollectedLog _log = new();
    private SimulatedHost _host = null!;
    private SessionUnderTest _session = null!;
    private DiskInventory _inventory = null!;
    private HyperVHost _door = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static VirtualMachineId Id(int number) => new(Stage.Id(number));

    private async Task OpenAsync(params SimulatedVirtualMachineDescription[] machines)
    {
        _host = await SimulatedHost.OpenAsync(Stage.Host(machines), new SimulationOptions(), _time, Token);
        _session = new SessionUnderTest(_host.OpenSession());
        _door = new HyperVHost(_session, _time);
        _inventory = new DiskInventory(_door, _time, LoggerFactory.Create(logging => logging.AddProvider(_log)).CreateLogger<DiskInventory>());
    }

    private async Task<Func<VirtualMachineId, long?>> SizesAsync()
        => await _inventory.SizesAsync(await _door.ListVirtualMachinesAsync(Token), Token);

    public async ValueTask DisposeAsync()
    {
        await _inventory.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Machines_sizes_are_the_sums_of_their_replicated_disks()
    {
        await OpenAsync(Stage.Machine(1), Stage.Machine(2) with { Disks = 2, DiskGigabytes = 40 }, Stage.Machine(3) with { Mode = ReplicationMode.None });

        var sizes = await SizesAsync();

        sizes(Id(1)).ShouldBe(10_000_000_000);
        sizes(Id(2)).ShouldBe(40_000_000_000);
        sizes(Id(3)).ShouldBeNull("it is not replicated");
        sizes(Id(9)).ShouldBeNull("it is not here");
    }

    [Fact]
    public async Task What_is_known_is_not_asked_again()
    {
        await OpenAsync([.. Enumerable.Range(1, 100).Select(number => Stage.Machine(number))]);
        await SizesAsync();
        var first = _host.Calls.Methods;
        first.ShouldBe(100);

        await SizesAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        (await SizesAsync())(Id(100)).ShouldBe(10_000_000_000);
        _host.Calls.Methods.ShouldBe(first);

        _time.Advance(TimeSpan.FromHours(1));
        await SizesAsync();
        _host.Calls.Methods.ShouldBe(2 * first, "somebody may have resized a disk");
    }

    [Fact]
    public async Task A_disk_that_cannot_be_read_leaves_its_machine_without_a_size_and_is_tried_again()
    {
        await OpenAsync(Stage.Machine(1, new DiskMissingFault { Disk = 2 }) with { Disks = 2 }, Stage.Machine(2));

        var sizes = await SizesAsync();
        sizes(Id(1)).ShouldBeNull();
        sizes(Id(2)).ShouldBe(10_000_000_000);
        _log.Lines.ShouldContain(line => line.Level == LogLevel.Warning && line.Text.Contains(@"\disk-2.vhdx: the host answered FileNotFound (32779)", StringComparison.Ordinal));

        var before = _host.Calls.Methods;
        _time.Advance(TimeSpan.FromMinutes(1));
        await SizesAsync();
        _host.Calls.Methods.ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_caller_does_not_wait_for_storage_that_hangs_and_the_reading_goes_on()
    {
        await OpenAsync(Stage.Machine(1));
        var answer = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        _session.OnReadDisk = async through =>
        {
            asked.SetResult();
            await answer.Task;
            return await through();
        };

        var hurried = SizesAsync();
        await asked.Task.WaitAsync(Token);
        while (!hurried.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await hurried)(Id(1)).ShouldBeNull();
        var patient = SizesAsync();
        answer.SetResult();
        (await patient)(Id(1)).ShouldBe(10_000_000_000);
        _host.Calls.Methods.ShouldBe(1, "there is one reading at a time");
    }

    [Fact]
    public async Task A_host_that_does_not_tell_is_asked_again_later()
    {
        await OpenAsync(Stage.Machine(1));
        var machines = await _door.ListVirtualMachinesAsync(Token);
        _session.OutOfReach = true;
        (await _inventory.SizesAsync(machines, Token))(Id(1)).ShouldBeNull();
        _log.Lines.ShouldContain(line => line.Level == LogLevel.Warning && line.Text.Contains("does not report its machines' disks", StringComparison.Ordinal));

        _session.OutOfReach = false;
        (await _inventory.SizesAsync(machines, Token))(Id(1)).ShouldBeNull("not at once: a host in trouble is left alone for a while");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await _inventory.SizesAsync(machines, Token))(Id(1)).ShouldBe(10_000_000_000);
    }

    [Fact]
    public async Task What_has_left_is_forgotten()
    {
        await OpenAsync(Stage.Machine(1), Stage.Machine(2));
        (await SizesAsync())(Id(2)).ShouldBe(10_000_000_000);

        _host.Remove(Stage.Id(2));
        _time.Advance(TimeSpan.FromMinutes(1));
        (await SizesAsync())(Id(2)).ShouldBeNull();

        _host.Receive(Stage.Id(2));
        _time.Advance(TimeSpan.FromMinutes(1));
        var before = _host.Calls.Methods;
        (await SizesAsync())(Id(2)).ShouldBe(10_000_000_000);
        _host.Calls.Methods.ShouldBe(before + 1, "it was read anew");
    }
}
