using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// Two simulated hosts that replicate to each other. They share one lock and are advanced together, event by event, so that what one sends is at the
/// other at that moment. Each side writes what it did or received to its own state file: a process that is killed between the two leaves a half-done
/// exchange, as a crash between two messages does.
/// </summary>
internal sealed class ReplicationLink
{
    private readonly Queue<(HostEngine To, Guid Machine, MachineChange Change)> _messages = new();
    private readonly HostEngine _first;
    private readonly HostEngine _second;
    private bool _isUp = true;

    public ReplicationLink(HostEngine first, HostEngine second)
    {
        (_first, _second) = (first, second);
        first.Join(this, Gate);
        second.Join(this, Gate);
    }

    /// <summary>The lock of both hosts.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Cuts or restores the link.</summary>
    public void Set(bool up)
    {
        lock (Gate)
        {
            // What had arrived by now has arrived.
            Advance(decides: true);
            _isUp = up;
        }
    }

    /// <summary>What both hosts have of a machine now; null when one of them does not have it.</summary>
    public PairContent? Compare(Guid id)
    {
        lock (Gate)
        {
            Advance(decides: true);
            if (_first.World.FindVirtualMachine(id) is not { } one || _second.World.FindVirtualMachine(id) is not { } other)
            {
                return null;
            }

            var (ofOne, ofOther) = (one.ContentAt(_first.World.NowTime), other.ContentAt(_second.World.NowTime));
            return new PairContent(ofOne.Contains(ofOther), ofOther.Contains(ofOne), one.IsMixed, other.IsMixed);
        }
    }

    /// <summary>The other host as one of them reaches it.</summary>
    public IPeerHost PeerOf(HostEngine host) => new Peer(this, host == _first ? _second : _first);

    /// <summary>Advances both hosts to the clock. The caller holds the lock.</summary>
    /// <param name="decides">Whether a decision follows, before which what has arrived is recorded.</param>
    public void Advance(bool decides)
    {
        var now = Math.Max(_first.ClockTicks, _second.ClockTicks);
        long at;
        do
        {
            at = Math.Min(now, Math.Min(_first.World.NextChange, _second.World.NextChange));
            if (at < now || decides)
            {
                _first.AdvanceTo(at - 1);
                _second.AdvanceTo(at - 1);
                Ship(_first, _second);
                Ship(_second, _first);
            }

            _first.AdvanceTo(at);
            _second.AdvanceTo(at);
            Deliver();
        }
        while (at < now);
    }

    private void Deliver()
    {
        while (_messages.TryDequeue(out var message))
        {
            message.To.Receive(new MachineChanged(message.To.World.NowTime, message.Machine, message.Change));
        }
    }

    // What the last complete interval has brought. Recorded only before something happens, since until then it follows from the time.
    private void Ship(HostEngine from, HostEngine to)
    {
        if (!_isUp || from.World.IsDown || to.World.IsDown)
        {
            return;
        }

        foreach (var sender in from.World.VirtualMachines.Where(machine => machine is { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.Replicating }).ToList())
        {
            if (to.World.FindVirtualMachine(sender.Id) is { Mode: ReplicationMode.Replica, ReplicationState: ReplicationState.Replicating } receiver
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

    private sealed class Peer(ReplicationLink link, HostEngine host) : IPeerHost
    {
        public bool IsReachable => link._isUp && !host.World.IsDown;

        public VirtualMachine? Find(Guid id) => host.World.FindVirtualMachine(id);

        public void Send(Guid machine, MachineChange change) => link._messages.Enqueue((host, machine, change));
    }
}
