using HostAgent.Failover.Tests.Model;
using HostAgent.HyperV;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Failover.Tests.Simulated;

/// <summary>
/// Brings one machine home between two simulated hosts, in virtual time, by the decision function alone: it reads both hosts as an agent would, asks for the
/// next step, makes the host's own call, waits for its job and reads again. Every gate is approved.
/// </summary>
internal sealed class PairDriver : IAsyncDisposable
{
    private readonly FakeTimeProvider _time;
    private readonly VirtualMachineId _id;
    private readonly Dictionary<Side, Ends> _sides;
    private readonly List<(DateTimeOffset At, Action What)> _arranged = [];

    private PairDriver(FakeTimeProvider time, SimulatedPair pair, Guid machine, bool swapped)
    {
        (_time, Pair, _id) = (time, pair, new VirtualMachineId(machine));
        _sides = new Dictionary<Side, Ends>
        {
            [Side.Recovery] = new Ends(swapped ? pair.Second : pair.First, time),
            [Side.Home] = new Ends(swapped ? pair.First : pair.Second, time),
        };
        IsSwapped = swapped;
    }

    public SimulatedPair Pair { get; }

    public bool IsSwapped { get; }

    public FailoverRecords Records { get; set; } = new();

    public Goal Goal { get; set; }

    /// <summary>Whether home had no machine at the beginning.</summary>
    public bool HomeIsNew => Pair.Second.Description.VirtualMachines.Count == 0;

    /// <summary>The function that decides.</summary>
    public Decide Decide { get; set; } = (recovery, home, records, goal, now) => FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, now);

    /// <summary>The steps that were made, in their order.</summary>
    public List<string> Walk { get; } = [];

    /// <summary>Called in each second of a step's work, with the number of steps made and that of the second; the last time with -1, once it has ended.</summary>
    public Action<int, int> During { get; set; } = (_, _) => { };

    public static async Task<PairDriver> OpenAsync(SimulatedVirtualMachineDescription recovery, SimulatedVirtualMachineDescription? home)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero));
        var pair = await SimulatedPair.OpenAsync(
            Host("hv-west-01", recovery), Host("hv-east-01", home), new SimulationOptions { MinimumJobRetention = TimeSpan.Zero }, new SimulationOptions { MinimumJobRetention = TimeSpan.Zero }, time,
            TestContext.Current.CancellationToken);
        return new PairDriver(time, pair, recovery.Id, swapped: false);
    }

    /// <summary>The same pair, driven the other way.</summary>
    public PairDriver Swapped() => new(_time, Pair, _id.Value, !IsSwapped);

    public SimulatedHost HostOf(Side side) => _sides[side].Host;

    /// <summary>The calls of a host, for what a person does there.</summary>
    public FailoverCalls CallsOf(Side side) => _sides[side].Calls;

    public HyperVHost DoorOf(Side side) => _sides[side].Door;

    /// <summary>What is decided on the pair as it is.</summary>
    public async Task<Decision> DecideAsync()
    {
        var (recovery, home) = (await ReadAsync(Side.Recovery), await ReadAsync(Side.Home));
        return Decide(recovery, home, Records.Seen(recovery, home), Goal, _time.GetUtcNow());
    }

    /// <summary>A person imports a first copy from a medium.</summary>
    public Task ImportAsync(Side side, string folder) => PersonAsync(side, (_, id) => ServiceAsync(side, "ImportInitialReplica", id, [new("InitialReplicationImportLocation", folder)]));

    /// <summary>A person makes a test machine of a replica and starts it.</summary>
    public async Task<VirtualMachineId> TestFailoverAsync(Side side)
    {
        await PersonAsync(side, (_, id) => ServiceAsync(side, "TestReplicaSystem", id, []));
        var clone = (await _sides[side].Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token)).Single(one => one.GetInteger("ReplicationMode") == (int)ReplicationMode.TestReplica);
        var found = new VirtualMachineId(Guid.Parse(clone.GetString("Name")!));
        (await CallsOf(side).StartMachineAsync(found, Token)).Code.ShouldBe(ReturnCode.JobStarted);
        Pass(60);
        return found;
    }

    /// <summary>A person turns a test machine off and removes it.</summary>
    public async Task EndTestFailoverAsync(Side side, VirtualMachineId clone)
    {
        (await CallsOf(side).TurnOffAsync(clone, Token)).Code.ShouldBe(ReturnCode.JobStarted);
        Pass(10);
        var service = (await _sides[side].Session.ListInstancesAsync("Msvm_VirtualSystemManagementService", [], Token)).Single();
        (await _sides[side].Session.InvokeMethodAsync(service.Path!, "DestroySystem", new Dictionary<string, object?> { ["AffectedSystem"] = PathOf(clone) }, Token)).ReturnValue.ShouldBe(4096u);
        Pass(10);
    }

    /// <summary>A person makes a call, and lets its job end.</summary>
    public async Task PersonAsync(Side side, Func<FailoverCalls, VirtualMachineId, Task<ServiceAnswer>> call)
    {
        var answer = await call(CallsOf(side), _id);
        answer.Code.ShouldBeOneOf(ReturnCode.Completed, ReturnCode.JobStarted);
        Pass(60);
        if (answer.Job is { } job && await _sides[side].Door.GetJobAsync(job, Token) is { } ended)
        {
            ended.Verdict.ShouldBe(HyperV.Jobs.JobVerdict.Succeeded);
        }
    }

    /// <summary>Lets time pass, and what was arranged for it happen. Never do both machines run.</summary>
    public void Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        foreach (var due in _arranged.Where(one => one.At <= _time.GetUtcNow()).ToList())
        {
            _arranged.Remove(due);
            due.What();
        }
    }

    /// <summary>Arranges something for later.</summary>
    public void After(double seconds, Action what) => _arranged.Add((_time.GetUtcNow().AddSeconds(seconds), what));

    /// <summary>Lets everything that is arranged happen.</summary>
    public void Settle()
    {
        while (_arranged.Count > 0)
        {
            Pass(5);
        }
    }

    public bool HasPower(Side side) => _sides[side].HasPower;

    /// <summary>A host loses its power for some time.</summary>
    public void FailPower(Side side, double seconds)
    {
        var ends = _sides[side];
        (ends.LostPower, ends.HasPower) = (true, false);
        ends.Host.FailPower();
        After(seconds, () =>
        {
            ends.HasPower = true;
            ends.Host.ReturnPower();
        });
    }

    /// <summary>The link between the hosts is cut for some time.</summary>
    public void CutLink(double seconds)
    {
        Pair.CutLink();
        After(seconds, () => Pair.RestoreLink());
    }

    /// <summary>Makes both hosts start their machine again after a power failure, as Hyper-V does unless it is told otherwise.</summary>
    public async Task StartByThemselvesAsync()
    {
        foreach (var ends in _sides.Values)
        {
            if (await ends.Door.FindVirtualMachineAsync(_id, Token) is not null)
            {
                (await ends.Calls.SetStartupActionAsync(_id, StartupAction.RestartIfRunning, Token)).ShouldNotBeNull();
            }
        }

        Pass(5);
    }

    /// <summary>Drives to an end: the last decision. After <paramref name="most"/> decisions without one the walk fails.</summary>
    public async Task<Decision> DriveAsync(int most = 25)
    {
        var waits = 0;
        while (Walk.Count < most)
        {
            var (recovery, home) = (await ReadAsync(Side.Recovery), await ReadAsync(Side.Home));
            if (recovery is { Reached: true, Power: Power.Running } && home is { Reached: true, Power: Power.Running })
            {
                throw new InvalidOperationException($"Both run after {string.Join(", ", Walk)}.");
            }

            Records = Records.Seen(recovery, home);
            switch (Decide(recovery, home, Records, Goal, _time.GetUtcNow()))
            {
                case Step step:
                    Walk.Add(step.ToString());
                    Records = (Records with { Waiting = null }).Intends(step, recovery, home, _time.GetUtcNow().AddHours(1));
                    var made = await MakeAsync(step);
                    Records = Records.Ended(step, made, _time.GetUtcNow());
                    During(Walk.Count, -1);
                    break;
                case Wait { Needs: { } needs }:
                    Records = Records.Approved(needs);
                    break;
                case Wait wait when waits++ < 100_000:
                    Records = Records.Waiting == wait.Why ? Records : Records with { Waiting = wait.Why, WaitingSince = _time.GetUtcNow() };
                    During(Walk.Count, waits);
                    Pass(5);
                    break;
                case var end:
                    return end;
            }
        }

        throw new InvalidOperationException($"No end after {string.Join(", ", Walk)}.");
    }

    public async Task<MachineFacts> ReadAsync(Side side)
    {
        var ends = _sides[side];
        try
        {
            if (await ends.Door.FindVirtualMachineAsync(_id, Token) is not { } machine)
            {
                return new MachineFacts { Presence = Presence.Absent };
            }

            var since = (await ends.Session.GetInstanceAsync(machine.Path, Token))!["TimeOfLastStateChange"] as DateTimeOffset?;
            var power = machine.EnabledState switch
            {
                EnabledState.Running => Power.Running,
                EnabledState.Off => Power.Off,
                EnabledState.Saved => Power.Saved,
                EnabledState.Paused => Power.Paused,
                _ => Power.Moving,
            };
            ends.Saw(power, since);
            var job = (await ends.Door.ListJobsAsync(_id, Token)).FirstOrDefault(one => !one.IsTerminal);
            return new MachineFacts
            {
                Mode = machine.ReplicationMode,
                State = machine.Relationship?.State ?? ReplicationState.Disabled,
                Power = power,
                StartsByItself = await ends.Calls.ReadStartupActionAsync(_id, Token) is not StartupAction.None,
                LastType = machine.Relationship?.LastReplicationType ?? ReplicationType.None,
                LastReplication = machine.Relationship?.LastReplicationTime,
                FailedOverType = machine.Relationship?.FailedOverReplicationType ?? ReplicationType.None,
                LastStart = ends.LastStart,
                LastStop = ends.LastStop,
                StopCause = ends.StopCause,
                Job = job is null ? null : new JobFacts((int?)job.JobType ?? 0, Ours: true),
            };
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.RpcServerUnavailable)
        {
            return new MachineFacts { Reached = false };
        }
    }

    public async ValueTask DisposeAsync() => await Pair.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SimulatedHostDescription Host(string name, SimulatedVirtualMachineDescription? machine) => new()
    {
        Name = name,
        LinkMegabitsPerSecond = 10_000,
        CompareMegabytesPerSecond = 1000,
        MergeMegabytesPerSecond = 1000,
        VirtualMachines = machine is null ? [] : [machine],
    };

    private async Task<bool> MakeAsync(Step step)
    {
        var ends = _sides[step.Side];
        try
        {
            if (step.Kind == StepKind.VerifyGuest)
            {
                Records = Records with { Verification = new VerificationRecord(ends.LastStart, Healthy: true) };
                return true;
            }

            var answer = await CallAsync(step, ends);
            return answer is { Code: ReturnCode.Completed or ReturnCode.JobStarted } && await EndsAsync(step, ends, answer);
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.RpcServerUnavailable)
        {
            return false;
        }
    }

    private async Task<ServiceAnswer?> CallAsync(Step step, Ends ends) => step.Kind switch
    {
        StepKind.Fence => await ends.Calls.SetStartupActionAsync(_id, StartupAction.None, Token),
        StepKind.Unfence => await ends.Calls.SetStartupActionAsync(_id, StartupAction.RestartIfRunning, Token),
        StepKind.ShutDownGuest => await ends.Calls.ShutDownGuestAsync(_id, force: false, "planned failover", Token),
        StepKind.DiscardSavedState => await ends.Calls.TurnOffAsync(_id, Token),
        StepKind.BecomeReplica => await ends.Calls.RequestReplicationStateAsync(_id, ReplicationState.WaitingToCompleteInitialReplication, Token),
        StepKind.ReverseReplication => await ends.Calls.ReverseReplicationAsync(_id, (await ends.Door.GetReplicationSettingsAsync(_id, Token))!.ToEmbeddedText(), Token),
        // A new host at home has no disks to compare.
        StepKind.StartReplication => await ends.Calls.StartReplicationAsync(_id, HomeIsNew ? InitialReplicationType.Network : InitialReplicationType.Seeded, exportFolder: null, Token),
        StepKind.CreateRelationship => await CreateRelationshipAsync(ends),
        StepKind.CommitFailover => await ends.Calls.CommitFailoverAsync(_id, Token),
        StepKind.ResumeReplication => await ends.Calls.RequestReplicationStateAsync(_id, ReplicationState.Replicating, Token),
        StepKind.Resynchronize => await ends.Calls.ResynchronizeAsync(_id, Token),
        StepKind.PreparePlannedFailover => await ends.Calls.RequestReplicationStateAsync(_id, ReplicationState.SyncedReplicationComplete, Token),
        StepKind.FailOver => await ends.Calls.InitiateFailoverAsync(_id, point: null, Token),
        StepKind.StartMachine => await ends.Calls.StartMachineAsync(_id, Token),
        StepKind.CancelPlannedFailover or StepKind.RevertFailover => await ends.Calls.RevertFailoverAsync(_id, Token),
        _ => throw new InvalidOperationException($"{step} is not driven here."),
    };

    private static CimObjectPath PathOf(VirtualMachineId id)
        => new(HyperVClasses.ComputerSystem, [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", id.ToString())]);

    private async Task<ServiceAnswer> ServiceAsync(Side side, string method, VirtualMachineId id, KeyValuePair<string, object?>[] inputs)
    {
        var service = (await _sides[side].Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Token)).Single();
        var answer = await _sides[side].Session.InvokeMethodAsync(service.Path!, method, new Dictionary<string, object?>(inputs) { ["ComputerSystem"] = PathOf(id) }, Token);
        return new ServiceAnswer((ReturnCode)answer.ReturnValue, answer.Outputs.GetValueOrDefault("Job") as CimObjectPath);
    }

    private async Task<ServiceAnswer> CreateRelationshipAsync(Ends ends)
    {
        var settings = new ReplicationSettingData(new CimInstance(path: null, ReplicationSettingData.ClassName,
        [
            new("VirtualSystemIdentifier", _id.ToString()), new("VirtualSystemType", ReplicationSettingData.ReplicaSystemType), new("AuthenticationType", (ushort)2),
            new("RecoveryConnectionPoint", "hv-east-01.recovery.example"), new("RecoveryServerPortNumber", (ushort)443),
        ]));
        return await ends.Calls.CreateRelationshipAsync(_id, settings.ToEmbeddedText(), Token);
    }

    // A copy runs on while the pair is read again; everything else is waited for.
    private async Task<bool> EndsAsync(Step step, Ends ends, ServiceAnswer answer)
    {
        if (step.Kind is StepKind.StartReplication or StepKind.Resynchronize || answer.Job is null)
        {
            return true;
        }

        var second = 0;
        while (await ends.Door.GetJobAsync(answer.Job, Token) is { } job)
        {
            if (job.IsTerminal)
            {
                return job.Verdict == HyperV.Jobs.JobVerdict.Succeeded;
            }

            During(Walk.Count, second++);
            Pass(1);
        }

        return false;
    }

    /// <summary>One host, and when its machine last started and stopped: an agent keeps that from what it reads.</summary>
    private sealed class Ends(SimulatedHost host, TimeProvider time)
    {
        public SimulatedHost Host { get; } = host;

        public ICimSession Session { get; } = host.OpenSession();

        public HyperVHost Door { get; } = new(host.OpenSession(), time);

        public FailoverCalls Calls { get; } = new(host.OpenSession());

        public DateTimeOffset? LastStart { get; private set; }

        public DateTimeOffset? LastStop { get; private set; }

        public StopCause StopCause { get; private set; }

        public bool HasPower { get; set; } = true;

        /// <summary>Whether it lost its power since its machine was last seen running.</summary>
        public bool LostPower { get; set; }

        public void Saw(Power power, DateTimeOffset? since)
        {
            switch (power)
            {
                case Power.Running:
                    (LastStart, LostPower) = (since, false);
                    break;
                case Power.Off when since != LastStop:
                    (LastStop, StopCause, LostPower) = (since, LostPower ? StopCause.HostDown : StopCause.ShutDown, false);
                    break;
            }
        }
    }
}
