using System.Diagnostics;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Benchmarks.Engine;

/// <summary>Measures campaigns of one size: first they live, then they are replayed.</summary>
internal sealed class EngineRun(EngineSize size)
{
    private readonly List<long> _inputs = new(size.MostInputs * size.Campaigns);
    private readonly List<long> _successes = [];
    private TimeSpan _planning;
    private TimeSpan _creation;
    private TimeSpan _replay;
    private long _allocated;
    private long _events;
    private long _eventBytes;
    private long _held;

    /// <summary>Called for every input, and counted as part of it.</summary>
    public Action? OnInput { get; init; }

    public EngineResult Measure(CancellationToken cancellation)
    {
        for (var seed = 1; seed <= size.Campaigns; seed++)
        {
            using var events = new EventFile();
            var lived = Live(seed, events, cancellation);
            Replay(events, lived);
            _events += events.Count;
            _eventBytes += events.Bytes;
        }

        using var process = Process.GetCurrentProcess();
        var inputTime = TimeSpan.FromTicks((long)(_inputs.Sum() * ((double)TimeSpan.TicksPerSecond / Stopwatch.Frequency)));
        return new EngineResult(
            size.Items,
            size.Hosts,
            size.Campaigns,
            Milliseconds(_planning),
            Milliseconds(_creation),
            Durations.Of(_inputs),
            Durations.Of(_successes),
            _allocated / _inputs.Count,
            _events,
            Math.Round(inputTime.TotalMicroseconds / _events, 2),
            _eventBytes / _events,
            Math.Round(_replay.TotalMicroseconds / _events, 2),
            _held / size.Campaigns / size.Items,
            process.PeakWorkingSet64);
    }

    private double Milliseconds(TimeSpan ofAll) => Math.Round(ofAll.TotalMilliseconds / size.Campaigns, 1);

    /// <summary>A campaign of the size after half of the inputs that it gets at most.</summary>
    public CampaignState LiveHalf(CancellationToken cancellation)
    {
        var (machine, world, _) = Create(seed: 1);
        CampaignInput? input = new StartCampaign(null, "ann");
        for (var count = 0; count < size.MostInputs / 2 && input is not null; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            world.Take(machine.Handle(input, world.Now));
            input = machine.State.Status.IsTerminal() ? null : world.Next();
        }

        return machine.State;
    }

    /// <summary>What is decided when a campaign of the size is created; one of the events is its plan.</summary>
    public IReadOnlyList<CampaignEvent> Creation() => Create(seed: 1).Created.Events;

    private (CampaignMachine Machine, RandomCampaign World, Outcome Created) Create(int seed)
    {
        var spec = size.Pairs ? BenchmarkEstate.PairsSpec : BenchmarkEstate.Spec;
        var started = Stopwatch.GetTimestamp();
        var planned = CampaignPlanner.Plan(spec, BenchmarkEstate.Of(size.Hosts, size.Pairs));
        _planning += Stopwatch.GetElapsedTime(started);
        if (!planned.IsValid)
        {
            throw new InvalidOperationException($"The benchmark's campaign cannot be planned: {planned.Problems[0].Message}");
        }

        var machine = new CampaignMachine();
        var world = new RandomCampaign(new Random(seed), planned.Plan);
        var create = new CreateCampaign(new Guid(seed, 0, 0, new byte[8]), spec, planned.Plan, BenchmarkEstate.Document, "ann");
        started = Stopwatch.GetTimestamp();
        var created = machine.Handle(create, world.Now);
        _creation += Stopwatch.GetElapsedTime(started);
        return (machine, world, created);
    }

    private (long Version, int Ended) Live(int seed, EventFile events, CancellationToken cancellation)
    {
        var (machine, world, created) = Create(seed);
        events.Append(created.Events);
        CampaignInput? input = new StartCampaign(null, "ann");
        for (var count = 0; count < size.MostInputs && input is not null; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = Handle(machine, input, world.Now);
            events.Append(outcome.Events);
            world.Take(outcome);
            input = machine.State.Status.IsTerminal() ? null : world.Next();
        }

        return (machine.State.Version, machine.State.Counts.Terminal);
    }

    private Outcome Handle(CampaignMachine machine, CampaignInput input, DateTimeOffset now)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var outcome = machine.Handle(input, now);
        OnInput?.Invoke();
        var ticks = Stopwatch.GetTimestamp() - started;
        _allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
        _inputs.Add(ticks);
        if (input is AttemptSucceeded)
        {
            _successes.Add(ticks);
        }

        return outcome;
    }

    private void Replay(EventFile events, (long Version, int Ended) lived)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        var machine = CampaignMachine.Replay(events.Read());
        _replay += Stopwatch.GetElapsedTime(started);
        _held += GC.GetTotalMemory(forceFullCollection: true) - before;
        if ((machine.State.Version, machine.State.Counts.Terminal) != lived)
        {
            throw new InvalidOperationException($"The replay came to version {machine.State.Version} with {machine.State.Counts.Terminal} items ended, the campaign to {lived.Version} with {lived.Ended}.");
        }
    }
}
