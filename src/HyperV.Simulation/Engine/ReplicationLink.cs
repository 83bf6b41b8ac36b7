using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// Two simulated hosts that replicate to each other. They are advanced together, event by event, so that what one sends is at the other at that moment.
/// Each side's part is written to its own state file. Both hosts are in this process; where another process serves one of them, both have both, and take turns:
/// whoever holds the link's lock first applies what the other has written since. A world follows from its records and the time, so both see the same.
/// </summary>
internal sealed class ReplicationLink : IDisposable
{
    private const int First = 0;
    private const int Second = 1;

    private readonly Lock _gate = new();
    private readonly HostEngine[] _hosts;
    private readonly SimulatedLinkDescription _link;
    private readonly SharedLink? _shared;
    private readonly LinkState _state;
    private (bool ToFirst, bool ToSecond) _cut;
    private long _seen;

    /// <summary>Joins two hosts of this process alone.</summary>
    public ReplicationLink(HostEngine first, HostEngine second, SimulatedLinkDescription link, IReadOnlyList<StateRecord> records)
        : this(first, second, link, records, shared: null)
    {
    }

    private ReplicationLink(HostEngine first, HostEngine second, SimulatedLinkDescription link, IReadOnlyList<StateRecord> records, SharedLink? shared)
    {
        _hosts = [first, second];
        (_link, _shared) = (link, shared);
        var windows = records is [LinkBegan began, ..] ? began.Windows
            : LinkState.WindowsOf(link, first.World.Description.Name, Math.Max(first.ClockTicks, second.ClockTicks), first.World.Pace.Speed);
        _state = new LinkState(windows);
        Apply(records);
        first.Join(this);
        second.Join(this);
    }

    /// <summary>Joins two hosts that other processes have open too.</summary>
    /// <param name="shared">The link's files; its lock is held.</param>
    /// <param name="first">The first host.</param>
    /// <param name="second">The second host.</param>
    /// <param name="link">The link.</param>
    /// <exception cref="StateFileException">The link's file belongs to other hosts, or is damaged.</exception>
    public static ReplicationLink Share(SharedLink shared, HostEngine first, HostEngine second, SimulatedLinkDescription link)
    {
        var records = shared.Records.ReadNew();
        if (records.Count == 0)
        {
            var now = Math.Max(first.ClockTicks, second.ClockTicks);
            var (one, other) = (first.World.Description.Name, second.World.Description.Name);
            records = [new LinkBegan(new DateTimeOffset(now, TimeSpan.Zero), LinkBegan.CurrentFormat, one, other, LinkState.WindowsOf(link, one, now, first.World.Pace.Speed))];
            shared.Records.Append(records);
        }

        Require(records[0], first, second);
        return new ReplicationLink(first, second, link, records, shared);
    }

    /// <summary>Checks the first line of a link's file.</summary>
    /// <exception cref="StateFileException">It is not a link's, or another link's.</exception>
    public static void Require(StateRecord record, HostEngine first, HostEngine second)
    {
        if (record is not LinkBegan { Format: LinkBegan.CurrentFormat } began || began.First != first.World.Description.Name || began.Second != second.World.Description.Name)
        {
            throw new StateFileException($"The link's file is not one of {first.World.Description.Name} and {second.World.Description.Name} in format {LinkBegan.CurrentFormat}.");
        }
    }

    /// <summary>Takes both hosts for one call, with everything that other processes have written.</summary>
    /// <exception cref="CimException">The files cannot be taken or read.</exception>
    public HostEngine.Entry Enter()
    {
        _gate.Enter();
        try
        {
            if (_shared is not null)
            {
                _shared.Take();
                CatchUp(_shared);
            }

            return new HostEngine.Entry(_gate, _shared);
        }
        catch (Exception exception)
        {
            _shared?.Release();
            _gate.Exit();
            throw exception is IOException ? new CimException(CimErrorCode.Failed, $"The simulated hosts cannot be read: {exception.Message}", exception) : exception;
        }
    }

    /// <summary>Cuts or restores the link.</summary>
    /// <param name="cut">Whether it is cut.</param>
    /// <param name="towards">The host that nothing reaches any longer; null for both.</param>
    public void Set(bool cut, string? towards)
    {
        using var entered = Enter();
        // What had arrived by now has arrived.
        Advance(decides: true);
        var changed = new LinkChanged(_hosts[First].World.NowTime, Is(First) ? cut : _cut.ToFirst, Is(Second) ? cut : _cut.ToSecond);
        _shared?.Records.Append(changed);
        Apply([changed]);
        Flow();

        bool Is(int host) => towards is null || string.Equals(towards, _hosts[host].World.Description.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What both hosts have of a machine now; null when one of them does not have it.</summary>
    public PairContent? Compare(Guid id)
    {
        using var entered = Enter();
        Advance(decides: true);
        if (_hosts[First].World.FindVirtualMachine(id) is not { } one || _hosts[Second].World.FindVirtualMachine(id) is not { } other)
        {
            return null;
        }

        var (now, then) = (_hosts[First].World.NowTime, _hosts[Second].World.NowTime);
        var (ofOne, ofOther) = (one.ContentAt(now), other.ContentAt(then));
        var (runs, others) = (one.RunsAt(now), other.RunsAt(then));
        var all = runs.Select(run => (Run: one.NameOf(run.From), run)).Concat(others.Select(run => (Run: other.NameOf(run.From), run))).ToList();
        return new PairContent(ofOne.Contains(ofOther), ofOther.Contains(ofOne), one.IsMixed, other.IsMixed)
        {
            FirstRuns = one.Power == VirtualMachines.EnabledState.Running,
            SecondRuns = other.Power == VirtualMachines.EnabledState.Running,
            BothRan = runs.Overlap(others),
            FirstLacks = Sum(ofOne),
            SecondLacks = Sum(ofOther),
            FirstRunCount = runs.Count,
            SecondRunCount = others.Count,
            NeitherRan = runs.Concat(others).Pauses(Math.Max(now.UtcTicks, then.UtcTicks)),
            IsProtected = Protects(one, other) || Protects(other, one),
        };

        static bool Protects(VirtualMachine from, VirtualMachine to)
            => from is { Power: VirtualMachines.EnabledState.Running, Mode: ReplicationMode.Primary, IsFlowing: true }
            && to is { Power: not VirtualMachines.EnabledState.Running, Mode: ReplicationMode.Replica, IsFlowing: true };

        TimeSpan Sum(IReadOnlyList<WriteSpan> writes) => TimeSpan.FromTicks(all.Sum(one => writes.Lacks(one.Run, one.run).Ticks));
    }

    /// <summary>The lock of both hosts in this process.</summary>
    public Lock Gate => _gate;

    /// <summary>The other host as one of them reaches it.</summary>
    public IPeerHost PeerOf(HostEngine host) => new Peer(this, host == _hosts[First] ? Second : First);

    /// <summary>A host's state file is about to be replaced.</summary>
    public void Announce(HostEngine host) => _shared?.Records.Append(new StateFileReplaced(host.World.NowTime, host.World.Description.Name));

    /// <summary>Advances both hosts to the clock. The caller holds the lock.</summary>
    /// <param name="decides">Whether a decision follows, before which what has arrived is recorded.</param>
    public void Advance(bool decides)
    {
        var (first, second) = (_hosts[First], _hosts[Second]);

        // Everything up to here is known to both. A process that was killed has left what it had sent, and what a decision means for the replication is noted at its time.
        var begun = Math.Max(first.World.Now, second.World.Now);
        first.AdvanceTo(begun);
        second.AdvanceTo(begun);
        Deliver();
        Flow();
        var now = new[] { first.ClockTicks, second.ClockTicks, _shared?.LastTicks ?? 0, _seen, begun }.Max();
        long at;
        do
        {
            at = Math.Min(Math.Min(now, _state.NextChange(Math.Max(first.World.Now, second.World.Now))), Math.Min(first.World.NextChange, second.World.NextChange));
            if (at < now || decides)
            {
                first.AdvanceTo(at - 1);
                second.AdvanceTo(at - 1);
                Ship(first, second);
                Ship(second, first);
            }

            first.AdvanceTo(at);
            second.AdvanceTo(at);
            Deliver();
            Flow();
        }
        while (at < now);
        _seen = now;
        _shared?.Saw(now);
    }

    public void Dispose() => _shared?.Dispose();

    private void CatchUp(SharedLink shared)
    {
        var records = shared.Records.ReadNew();
        Apply(records);
        foreach (var host in _hosts)
        {
            host.CatchUp(records.OfType<StateFileReplaced>().Any(replaced => string.Equals(replaced.Host, host.World.Description.Name, StringComparison.OrdinalIgnoreCase)));
        }
    }

    private void Apply(IReadOnlyList<StateRecord> records)
    {
        foreach (var changed in records.OfType<LinkChanged>())
        {
            _state.Apply(changed);
            _cut = (changed.CutToFirst, changed.CutToSecond);
        }
    }

    private void Deliver()
    {
        Deliver(_hosts[First], _hosts[Second]);
        Deliver(_hosts[Second], _hosts[First]);
    }

    private static void Deliver(HostEngine from, HostEngine to)
    {
        foreach (var message in from.World.Outbox.Where(message => message.Number > to.World.Received).ToList())
        {
            to.Receive(new MachineChanged(to.World.NowTime, message.VirtualMachineId, message.Change) { Message = message.Number, Creates = message.Creates });
        }

        from.World.Forget(to.World.Received);
    }

    // What the last complete interval has brought. Recorded only before something happens, since until then it follows from the time.
    private static void Ship(HostEngine from, HostEngine to)
    {
        foreach (var sender in from.World.VirtualMachines.Where(machine => machine is { Mode: ReplicationMode.Primary, IsFlowing: true }).ToList())
        {
            if (to.World.FindVirtualMachine(sender.Id) is { Mode: ReplicationMode.Replica, IsFlowing: true } receiver
                && receiver.LastReplicationAt(to.World.NowTime) is { } last)
            {
                var (held, sent) = (receiver.ContentAt(to.World.NowTime), sender.ContentAt(from.World.NowTime).UpTo(last.UtcTicks));
                if (!held.Contains(sent))
                {
                    to.Receive(new MachineChanged(to.World.NowTime, receiver.Id, new MachineChange { Content = held.And(sent) }));
                }
            }
        }
    }

    // Replication flows while both sides replicate, have power, and reach each other both ways.
    private void Flow()
    {
        var open = !_hosts.Any(host => host.World.IsDown) && _state.ClosedSince(First, _hosts[First].World.Now) is null && _state.ClosedSince(Second, _hosts[First].World.Now) is null;
        Flow(_hosts[First], _hosts[Second], open);
        Flow(_hosts[Second], _hosts[First], open);
    }

    private static void Flow(HostEngine host, HostEngine other, bool open)
    {
        foreach (var machine in host.World.VirtualMachines.Where(machine => machine is { ReplicationState: ReplicationState.Replicating, Mode: ReplicationMode.Primary or ReplicationMode.Replica }).ToList())
        {
            var wanted = machine.Mode == ReplicationMode.Primary ? ReplicationMode.Replica : ReplicationMode.Primary;
            var flows = open && other.World.FindVirtualMachine(machine.Id) is { ReplicationState: ReplicationState.Replicating } peer && peer.Mode == wanted;
            if (flows != machine.IsFlowing)
            {
                host.Receive(new MachineChanged(host.World.NowTime, machine.Id, new MachineChange { Flows = flows }));
            }
        }
    }

    private sealed class Peer(ReplicationLink link, int index) : IPeerHost
    {
        private HostWorld World => link._hosts[index].World;

        public TimeSpan RoundTrip => 2 * link._link.Latency;

        public PeerReach Reach(long since) => (link._state.ClosedSince(index, World.Now), link._state.ClosedSince(1 - index, World.Now)) switch
        {
            _ when World.IsDown => PeerReach.No,
            (not null, _) => PeerReach.No,
            (_, { } lost) => lost > since ? PeerReach.AnswerLost : PeerReach.No,
            _ => PeerReach.Yes,
        };

        public bool AcceptsReplicas => World.Server is { Settings.Enabled: true, Entries.Count: > 0 };

        public VirtualMachine? Find(Guid id) => World.FindVirtualMachine(id);
    }
}
