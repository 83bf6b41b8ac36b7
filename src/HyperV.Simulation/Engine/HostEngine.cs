using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// Combines clock, world and state file under one lock. A decision is in the file before the world shows it and before the caller
/// gets an answer.
/// </summary>
internal sealed partial class HostEngine : IDisposable
{
    private Lock _gate = new();
    private ReplicationLink? _link;
    private readonly HostClock _clock;
    private readonly HostWorld _world;
    private readonly StateFile? _file;
    private readonly HostBegan _began;
    private readonly long _compactAbove;
    private readonly ILogger _logger;
    private readonly List<StateRecord> _unwritten = [];
    private long _compactAt;
    private bool _closed;

    private HostEngine(HostClock clock, HostWorld world, HostBegan began, StateFile? file, SimulationOptions options)
    {
        _clock = clock;
        _world = world;
        _began = began;
        _file = file;
        _compactAbove = options.CompactAbove;
        _compactAt = options.CompactAbove;
        _logger = options.Logger;
    }

    /// <exception cref="StateFileException">The state file cannot be used.</exception>
    public static HostEngine Open(SimulatedHostDescription description, SimulationOptions options, TimeProvider time)
    {
        IReadOnlyList<StateRecord> past = [];
        var file = options.StateFile is { } path ? StateFile.Open(path, options.FlushToDisk, out past) : null;
        try
        {
            return Open(description, options, time, file, past);
        }
        catch (StateFileException exception) when (file is not null)
        {
            file.Dispose();
            throw new StateFileException($"The state file {options.StateFile} cannot be continued: {exception.Message}", exception);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the host from its state file without locking the file; another process may be serving it.</summary>
    /// <exception cref="StateFileException">The state file is damaged, or belongs to another host.</exception>
    /// <exception cref="IOException">The state file cannot be read.</exception>
    public static HostEngine OpenCopy(SimulatedHostDescription description, SimulationOptions options, TimeProvider time)
        => Open(description, options, time, file: null, options.StateFile is { } path && File.Exists(path) ? StateFile.Read(path) : []);

    /// <summary>
    /// Joins the host to another one: both are then advanced together under one lock, so that what one sends the other is there at its time. Before any
    /// session is opened on either.
    /// </summary>
    public void Join(ReplicationLink link, Lock gate)
    {
        (_link, _gate) = (link, gate);
        _world.Peer = link.PeerOf(this);
    }

    /// <summary>The world, for the host at the other end of the link. The caller holds the lock.</summary>
    public HostWorld World => _world;

    /// <summary>The time on the clock, in UTC ticks.</summary>
    public long ClockTicks => _clock.Now;

    /// <summary>Advances the world alone and writes what that decided. The caller holds the lock.</summary>
    public void AdvanceTo(long ticks)
    {
        _world.AdvanceTo(ticks);
        _unwritten.AddRange(_world.TakeDecided());
        Write(_unwritten);
        _unwritten.Clear();
    }

    /// <summary>Writes and applies a record that came over the link. The caller holds the lock.</summary>
    public void Receive(StateRecord record) => Commit(record);

    /// <summary>Queries the current world.</summary>
    /// <exception cref="CimException">The host is closed, or the changes due by now could not be written to the state file.</exception>
    public T Ask<T>(Func<HostWorld, T> question)
    {
        lock (_gate)
        {
            Advance(decides: false);
            RequirePower();
            return question(_world);
        }
    }

    /// <summary>Lets a rule decide on the current world. The rule passes every decision to the given recorder.</summary>
    /// <exception cref="CimException">The host is closed, or the decision could not be written and was not made.</exception>
    public T Decide<T>(Func<HostWorld, Action<StateRecord>, T> rule)
    {
        lock (_gate)
        {
            Advance(decides: true);
            RequirePower();
            return rule(_world, Commit);
        }
    }

    /// <summary>Changes whether the host has power.</summary>
    /// <exception cref="CimException">The host is closed, or the change could not be written and was not made.</exception>
    public void SetPower(bool on)
    {
        lock (_gate)
        {
            Advance(decides: true);
            if (on == _world.IsDown)
            {
                Commit(on ? new PowerReturned(_world.NowTime) : new PowerFailed(_world.NowTime));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _file?.Dispose();
            }
        }
    }

    private static HostEngine Open(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, StateFile? file, IReadOnlyList<StateRecord> past)
    {
        var pace = new Pace(options.Speed, description.LinkMegabitsPerSecond, description.MaxConcurrentJobs);
        var clock = new HostClock(time, past.Count > 0 ? past[^1].Time : DateTimeOffset.MinValue);
        var now = new DateTimeOffset(clock.Now, TimeSpan.Zero);
        if (past.Count == 0)
        {
            past = [new HostBegan(now, HostBegan.CurrentFormat, description.Name, options.Seed), new PaceSet(now, pace)];
            file?.Append(past);
        }

        var began = RequireBeginning(past[0], description);
        var firstPace = past.Count > 1 && past[1] is PaceSet set ? set.Pace : pace;
        var world = new HostWorld(description, began.Seed, began.Time, firstPace, options.MinimumJobRetention);
        foreach (var record in past.Skip(1))
        {
            world.Apply(record);
        }

        var engine = new HostEngine(clock, world, began, file, options);
        if (!options.WaitsForPeer)
        {
            engine.Advance(decides: false);
        }

        if (world.Pace != pace)
        {
            engine.Commit(new PaceSet(world.NowTime, pace));
        }

        return engine;
    }

    private static HostBegan RequireBeginning(StateRecord first, SimulatedHostDescription description) => first switch
    {
        HostBegan { Format: var format } when format is < 1 or > HostBegan.CurrentFormat
            => throw new StateFileException($"its format is {format}, this version reads 1 to {HostBegan.CurrentFormat}."),
        HostBegan began when !string.Equals(began.Host, description.Name, StringComparison.OrdinalIgnoreCase)
            => throw new StateFileException($"it belongs to host {began.Host}, not to {description.Name}."),
        HostBegan began => began,
        _ => throw new StateFileException("its first line is not a host's start record."),
    };

    private void RequirePower()
    {
        if (_world.IsDown)
        {
            throw new CimException(CimErrorCode.RpcServerUnavailable, $"The simulated host {_world.Description.Name} has no power.");
        }
    }

    private void Advance(bool decides)
    {
        if (_closed)
        {
            throw new CimException(CimErrorCode.ShuttingDown, $"The simulated host {_world.Description.Name} is closed.");
        }

        if (_link is { } link)
        {
            link.Advance(decides);
        }
        else
        {
            AdvanceTo(_clock.Now);
        }

        CompactWhereLong();
    }

    private void Commit(StateRecord record)
    {
        Write([record]);
        _world.Apply(record);
        CompactWhereLong();
    }

    // Replaces a long history by a summary. On failure the history keeps growing; the next attempt is at twice the size.
    private void CompactWhereLong()
    {
        if (_file is null || _file.Length < _compactAt)
        {
            return;
        }

        try
        {
            _file.Replace([_began with { Format = HostBegan.CurrentFormat }, _world.Summarize()]);
        }
        catch (IOException exception)
        {
            LogNotCompacted(_world.Description.Name, exception);
        }

        _compactAt = Math.Max(_compactAbove, 2 * _file.Length);
    }

    private void Write(IReadOnlyList<StateRecord> records)
    {
        try
        {
            _file?.Append(records);
        }
        catch (IOException exception)
        {
            throw new CimException(
                CimErrorCode.Failed, $"The simulated host {_world.Description.Name} cannot write its state file: {exception.Message}", exception);
        }
    }
}
