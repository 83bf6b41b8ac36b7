using System.Threading.Channels;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Agent.Tests.Jobs;

/// <summary>The one watch on a host's jobs, against a simulated host, under a clock that only the test moves.</summary>
public sealed class JobWatchTests : IAsyncDisposable
{
    private static readonly HostTiming Timing = new()
    {
        ShortestPoll = TimeSpan.FromSeconds(1),
        LongestPoll = TimeSpan.FromSeconds(4),
        MachinePoll = TimeSpan.FromSeconds(15),

        // The test's clock runs on while a look waits for a thread: no look is to be given up for that.
        CallDeadline = TimeSpan.FromDays(1),
    };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero));
    private readonly List<IAsyncDisposable> _opened = [];
    private SessionUnderTest _session = null!;
    private HyperVHost _host = null!;
    private JobWatch _watch = null!;

    public async ValueTask DisposeAsync()
    {
        _opened.Reverse();
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(500)]
    public async Task Look_costs_the_same_number_of_calls_however_many_jobs_are_followed(int jobs)
    {
        await OpenAsync(jobs);
        var paths = await StartAsync(jobs);
        var sightings = paths.Select(path => Channel.CreateUnbounded<JobObservation>()).ToList();
        for (var i = 0; i < jobs; i++)
        {
            var writer = sightings[i].Writer;
            _opened.Add(new Disposing(_watch.Follow(new VirtualMachineId(Stage.Id(i + 1)), paths[i], sighting => writer.TryWrite(sighting))));
        }

        await Seen();
        var before = _session.Calls;
        const int Looks = 10;
        for (var look = 0; look < Looks; look++)
        {
            await MoveAsync(sightings[^1]);
        }

        // One listing of the jobs for each look, three calls for each of the few looks at the machines.
        (_session.Calls - before).ShouldBeInRange(Looks, Looks + (3 * 4) + 4);

        async Task Seen()
        {
            // Those that came after the first look are seen by the next one, for which the clock has to move.
            foreach (var seen in sightings)
            {
                JobObservation? sighting = null;
                await UntilAsync(() => seen.Reader.TryRead(out sighting));
                sighting!.Job.ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_host_when_nothing_is_followed()
    {
        await OpenAsync(1);
        var path = (await StartAsync(1))[0];
        var seen = Channel.CreateUnbounded<JobObservation>();
        using (_watch.Follow(new VirtualMachineId(Stage.Id(1)), path, sighting => seen.Writer.TryWrite(sighting)))
        {
            await NextAsync(seen);
        }

        // The look that may be under way ends, then all is quiet.
        _time.Advance(TimeSpan.FromSeconds(60));
        await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(60));
        var before = _session.Calls;
        _time.Advance(TimeSpan.FromHours(1));
        _session.Calls.ShouldBe(before);
    }

    [Fact]
    public async Task Host_out_of_reach_is_not_concluded_from_and_the_time_out_of_sight_is_told()
    {
        await OpenAsync(1);
        var path = (await StartAsync(1))[0];
        var seen = Channel.CreateUnbounded<JobObservation>();
        using var following = _watch.Follow(new VirtualMachineId(Stage.Id(1)), path, sighting => seen.Writer.TryWrite(sighting));
        (await NextAsync(seen)).OutOfSight.ShouldBe(TimeSpan.Zero);

        _session.OutOfReach = true;
        await UntilAsync(() => _session.Refused > 0);
        Drain(seen);
        _time.Advance(TimeSpan.FromSeconds(10));
        _session.OutOfReach = false;

        // The first that comes: only it tells how long the host was out of sight.
        JobObservation? found = null;
        await UntilAsync(() => seen.Reader.TryRead(out found));

        found!.OutOfSight.ShouldBeGreaterThan(TimeSpan.Zero);
        found.JobGone.ShouldBeFalse();
        found.Job.ShouldNotBeNull();
    }

    [Fact]
    public async Task Job_that_is_gone_is_told_as_gone_with_the_machine()
    {
        await OpenAsync(1);
        var seen = Channel.CreateUnbounded<JobObservation>();
        var path = CimObjectPath.ForKey("Msvm_ConcreteJob", "InstanceID", "2D9B3C65-0000-0000-0000-000000000000");
        using var following = _watch.Follow(new VirtualMachineId(Stage.Id(1)), path, sighting => seen.Writer.TryWrite(sighting));

        var sighting = await NextAsync(seen);

        sighting.JobGone.ShouldBeTrue();
        sighting.MachinesRead.ShouldBeTrue();
        sighting.Machine.ShouldNotBeNull().Name.ShouldBe("app-01");
    }

    private async Task OpenAsync(int machines)
    {
        var description = Stage.Host([.. Enumerable.Range(1, machines).Select(number => Stage.Machine(number, new PercentStuckFault()))]);
        var simulation = await SimulatedHost.OpenAsync(description, new SimulationOptions(), _time);
        _session = new SessionUnderTest(simulation.OpenSession());
        _host = new HyperVHost(_session, _time);
        _watch = new JobWatch(_host, Timing, _time, NullLogger<JobWatch>.Instance);
        _opened.AddRange([simulation, _session, _watch]);
    }

    private async Task<IReadOnlyList<CimObjectPath>> StartAsync(int machines)
    {
        var paths = new List<CimObjectPath>();
        for (var number = 1; number <= machines; number++)
        {
            var id = new VirtualMachineId(Stage.Id(number));
            var settings = (await _host.GetReplicationSettingsAsync(id, default))!;
            var answer = await _host.InitiateFailbackAsync(new FailbackCall(id, settings.ToEmbeddedText()), default);
            paths.Add(answer.Job!);
        }

        return paths;
    }

    private static async Task<JobObservation> NextAsync(Channel<JobObservation> seen)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await seen.Reader.ReadAsync(deadline.Token);
    }

    // Moves the clock until the next sighting comes.
    private async Task<JobObservation> MoveAsync(Channel<JobObservation> seen)
    {
        Drain(seen);
        JobObservation? sighting = null;
        await UntilAsync(() => seen.Reader.TryRead(out sighting));
        return sighting!;
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private static void Drain(Channel<JobObservation> seen)
    {
        while (seen.Reader.TryRead(out _))
        {
        }
    }

    private sealed class Disposing(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
