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
    private readonly Lock _gate = new();
    private readonly HostClock _clock;
    private readonly StateFile? _file;
    private readonly Func<IReadOnlyList<StateRecord>, (HostWorld World, HostBegan Began)> _replay;
    private ReplicationLink? _link;
    private HostWorld _world;
    private HostBegan _began;
    private readonly long _compactAbove;
    private readonly ILogger _logger;
    private readonly List<StateRecord> _unwritten = [];
    private long _compactAt;
    private bool _closed;

    private HostEngine(
        HostClock clock, Func<IReadOnlyList<StateRecord>, (HostWorld World, HostBegan Began)> replay, IReadOnlyList<StateRecord> past, StateFile? file, SimulationOptions options)
    {
        _clock = clock;
        _replay = replay;
        (_world, _began) = replay(past);
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

    /// <summary>Opens a host whose file other processes have open too. The lock of its link is held.</summary>
    /// <exception cref="StateFileException">The state file is damaged, or belongs to another host.</exception>
    public static HostEngine OpenShared(SimulatedHostDescription description, SimulationOptions options, TimeProvider time, StateFile file)
        => Open(description, options with { WaitsForPeer = true }, time, file, file.ReadNew());

    /// <summary>Joins the host to another one: both are then advanced together. Before any session is opened on either.</summary>
    public void Join(ReplicationLink link)
    {
        _link = link;
        _world.Peer = link.PeerOf(this);
    }

    /// <summary>Applies what another process has written. The caller holds the lock.</summary>
    /// <param name="replaced">Whether the file was replaced.</param>
    /// <exception cref="StateFileException">The file is damaged.</exception>
    public void CatchUp(bool replaced)
    {
        if (replaced)
        {
            _file!.Reopen();
            (_world, _began) = _replay(_file.ReadNew());
            _world.Peer = _link?.PeerOf(this);
            return;
        }

        var records = _file!.ReadNew();
        if (records.Count > 0)
        {
            Replay(_world, records);
        }
    }

    /// <summary>Sets the pace that the host was opened with, if its file has another one.</summary>
    /// <exception cref="CimException">The host is closed, or the change could not be written.</exception>
    public void SetPace(Pace pace)
    {
        using var entered = Enter();
        Advance(decides: true);
        if (_world.Pace != pace)
        {
            Commit(new PaceSet(_world.NowTime, pace));
        }
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
        using var entered = Enter();
        Advance(decides: false);
        RequirePower();
        return question(_world);
    }

    /// <summary>Lets a rule decide on the current world. The rule passes every decision to the given recorder.</summary>
    /// <exception cref="CimException">The host is closed, or the decision could not be written and was not made.</exception>
    public T Decide<T>(Func<HostWorld, Action<StateRecord>, T> rule)
    {
        using var entered = Enter();
        Advance(decides: true);
        RequirePower();
        return rule(_world, Commit);
    }

    /// <summary>Changes whether the host has power.</summary>
    /// <exception cref="CimException">The host is closed, or the change could not be written and was not made.</exception>
    public void SetPower(bool on)
    {
        using var entered = Enter();
        Advance(decides: true);
        if (on == _world.IsDown)
        {
            Commit(on ? new PowerReturned(_world.NowTime) : new PowerFailed(_world.NowTime));
        }
    }

    /// <summary>How fast the host's jobs progress.</summary>
    public static Pace PaceOf(SimulatedHostDescription description, SimulationOptions options)
        => new(options.Speed, description.LinkMegabitsPerSecond, description.MaxConcurrentJobs, options.StreamMegabitsPerSecond);

    public void Dispose()
    {
        lock (_link?.Gate ?? _gate)
        {
            if (!_closed)
            {
                _closed = true;
                _file?.Dispose();
            }
        }
    }

    private Entry Enter()
    {
        if (_link is { } link)
        {
            return link.Enter();
        }

        _gate.Enter();
        return new Entry(_gate, shared: null);
    }

    private static HostEngine Open(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, StateFile? file, IReadOnlyList<StateRecord> past)
    {
        var pace = PaceOf(description, options);
        var clock = new HostClock(time, past.Count > 0 ? past[^1].Time : DateTimeOffset.MinValue);
        var now = new DateTimeOffset(clock.Now, TimeSpan.Zero);
        if (past.Count == 0)
        {
            past = [new HostBegan(now, HostBegan.CurrentFormat, description.Name, options.Seed), new PaceSet(now, pace)];
            file?.Append(past);
        }

        var engine = new HostEngine(clock, records => Replay(records, description, options, pace), past, file, options);
        if (!options.WaitsForPeer)
        {
            engine.Advance(decides: false);
            engine.SetPace(pace);
        }

        return engine;
    }

    private static (HostWorld World, HostBegan Began) Replay(IReadOnlyList<StateRecord> past, SimulatedHostDescription description, SimulationOptions options, Pace pace)
    {
        var began = RequireBeginning(past.Count > 0 ? past[0] : null, description);
        var firstPace = past.Count > 1 && past[1] is PaceSet set ? set.Pace : pace;
        var world = new HostWorld(description, began.Seed, began.Time, firstPace, options.MinimumJobRetention, options.WaitsForPeer);
        Replay(world, past.Skip(1));
        return (world, began);
    }

    private static void Replay(HostWorld world, IEnumerable<StateRecord> records)
    {
        world.IsReplaying = true;
        foreach (var record in records)
        {
            world.Apply(record);
        }

        world.IsReplaying = false;
    }

    private static HostBegan RequireBeginning(StateRecord? first, SimulatedHostDescription description) => first switch
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
            _link?.Announce(this);
            _file.Replace([_began with { Format = HostBegan.CurrentFormat }, _world.Summarize()]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
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

    /// <summary>One call's hold of the host, or of both hosts of a link.</summary>
    public readonly ref struct Entry(Lock gate, SharedLink? shared)
    {
        public void Dispose()
        {
            shared?.Release();
            gate.Exit();
        }
    }
}
