using System.Globalization;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <content>Changes of machines, and of the host as a replica server.</content>
internal sealed partial class HostWorld
{
    // When a scheduled job is retried if its machine is busy or elsewhere: rarely after a while, since that may never change.
    private const double SecondsUntilEarlyRetry = 60;
    private const double SecondsUntilLateRetry = 3600;

    // Changes caused by faults: at the start, or at their time.
    private void Schedule(VirtualMachine machine)
    {
        foreach (var (index, fault) in machine.Description.Faults.Concat(Description.Faults).Index())
        {
            switch (fault.Occurrence)
            {
                case { After: var after, Change: var change } when after <= TimeSpan.Zero:
                    Change(machine, change);
                    break;
                case { After: var after, Change: var change }:
                    ScheduleChange(machine, after.TotalSeconds, change, index.ToString(CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    /// <summary>Applies a change to a machine after some host time, whether or not it is busy by then.</summary>
    private void ScheduleChange(VirtualMachine machine, double afterSeconds, MachineChange change, string name)
    {
        var plan = OtherWork.Plan(TimeSpan.FromSeconds(afterSeconds)) with { Ending = new JobEnding(EndingKind.Ends) { Change = change } };
        _schedule.Add(new Job(SeededGuid.Create(Seed, "occurrence", CimText.Guid(machine.Id), name), default, machine, plan, Now) { IsOccurrence = true });
    }

    private void Change(VirtualMachine machine, MachineChange change)
    {
        machine.Apply(change, NowTime);
        if (change.IsHere == false)
        {
            // Its jobs are visible on its new node, not here.
            foreach (var job in machine.Jobs.ToList())
            {
                _schedule.Remove(job);
                Forget(job);
            }
        }

        if (change.Schedules is { } scheduled)
        {
            // The time is on the clock; host time may run faster.
            ScheduleChange(machine, (scheduled.At - NowTime).TotalSeconds * _pace.Speed, new MachineChange { Begins = scheduled },
                "scheduled start " + scheduled.At.UtcTicks.ToString(CultureInfo.InvariantCulture));
        }

        if (change.Begins is { } due && machine.ScheduledStart == due.At && machine.StateOf(due.Relationship) == due.From)
        {
            BeginScheduled(machine, due, change);
        }

        // Judged at the end of the delay: what was set meanwhile counts.
        if (change.StartsWithHost is { } booted && booted == Booted && !IsDown && machine.StartsWithItsHost)
        {
            machine.Apply(new MachineChange { Power = EnabledState.Running }, NowTime);
        }

        if (change.TestReplica is { } id)
        {
            AddTestReplica(machine, id, NowTime);
        }

        if (change.RemovesTestReplica && machine.TestReplica is { } test)
        {
            _machines.Remove(test);
            machine.TestReplica = null;
        }

        var moment = Now.ToString(CultureInfo.InvariantCulture);
        if (change.OtherJob is { } type && machine is { IsHere: true, BusyJob: null })
        {
            var duration = change.OtherJobSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            Begin(new Job(SeededGuid.Create(Seed, "job in the way", CimText.Guid(machine.Id), moment), type, machine, OtherWork.Plan(duration), Now));
        }

        if (change.Next is { } next)
        {
            ScheduleChange(machine, change.NextAfterSeconds, next, moment);
        }
    }

    private void BeginScheduled(VirtualMachine machine, ScheduledWork work, MachineChange change)
    {
        var moment = Now.ToString(CultureInfo.InvariantCulture);
        if (machine is { IsHere: true, BusyJob: null })
        {
            Begin(new Job(SeededGuid.Create(Seed, "scheduled job", CimText.Guid(machine.Id), moment), work.JobType, machine, work.Plan, Now));
        }
        else
        {
            var waited = (NowTime - work.At).TotalSeconds * _pace.Speed;
            ScheduleChange(machine, waited < SecondsUntilLateRetry ? SecondsUntilEarlyRetry : SecondsUntilLateRetry, change, "retried start " + moment);
        }
    }

    // A machine of the estate that is not here becomes one again.
    private VirtualMachine AddPlaceholder(Placeholder placeholder, DateTimeOffset began)
    {
        if (_machines.Find(placeholder.Id) is { } former)
        {
            former.Apply(new MachineChange { Mode = ReplicationMode.Replica, ReplicationState = ReplicationState.WaitingToCompleteInitialReplication, Power = EnabledState.Off }, NowTime);
            return former;
        }

        var machine = new VirtualMachine(placeholder.Describe(), Description.Name, Seed, began) { RemembersRuns = true, Placeholder = placeholder };
        _machines.Add(machine);
        return machine;
    }

    private VirtualMachine AddTestReplica(VirtualMachine replica, Guid id, DateTimeOffset began)
    {
        var description = replica.Description with
        {
            Name = replica.Name + " - Test",
            Id = id,
            Mode = ReplicationMode.TestReplica,
            State = ReplicationState.Disabled,
            Health = ReplicationHealth.NotApplicable,
            Power = EnabledState.Off,
            RecoveryHistory = 0,
            Extended = false,
            Checkpoints = [],
            Faults = [],
            Adapters = [.. replica.Description.Adapters.Select((adapter, index) => adapter with { Switch = null, Vlan = replica.VlanOf(index), StaticMac = replica.StaticMacOf(index) })],
        };
        var test = new VirtualMachine(description, Description.Name, Seed, began, replica);
        replica.TestReplica = test;
        _machines.Add(test);
        return test;
    }

    private void FailPower()
    {
        Restart();
        IsDown = true;
        foreach (var machine in _machines.All)
        {
            machine.LosePower(NowTime);
        }
    }

    private void ReturnPower()
    {
        IsDown = false;
        Booted = NowTime;
        foreach (var machine in _machines.All.Where(machine => machine.StartsWithItsHost))
        {
            if (machine.StartupDelay > TimeSpan.Zero)
            {
                ScheduleChange(machine, machine.StartupDelay.TotalSeconds, new MachineChange { StartsWithHost = NowTime }, "start with the host " + Now.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                machine.Apply(new MachineChange { Power = EnabledState.Running }, NowTime);
            }
        }
    }

    private void Change(ReplicationServerChanged changed)
    {
        Server.Apply(changed.State);
        foreach (var machine in changed.Stopped)
        {
            Require(machine).EnterReplicationState(ReplicationState.Critical, NowTime);
        }
    }
}
