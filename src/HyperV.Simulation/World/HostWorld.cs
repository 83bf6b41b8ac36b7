using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// The host's state: a pure function of its description, the applied records and the time it was advanced to.
/// Reads no clock and no file. What the passing of time decides (jobs that end) is returned as records too.
/// </summary>
internal sealed partial class HostWorld
{
    private static readonly TimeSpan JobRetention = TimeSpan.FromMinutes(5);

    private readonly MachineTable _machines = new();
    private readonly Dictionary<Guid, Job> _jobs = [];
    private readonly JobSchedule _schedule = new();
    private readonly PriorityQueue<Job, long> _ended = new();
    private readonly List<Initiation> _initiations = [];
    private readonly Dictionary<Guid, int> _initiationsByMachine = [];
    private readonly FaultCounters _faultCounters = new();
    private readonly TimeSpan _minimumRetention;
    private readonly List<Job> _held = [];
    private readonly List<PeerMessageSent> _outbox = [];
    private int _sent;
    private List<StateRecord> _decided = [];
    private CertificateStore? _certificates;
    private Pace _pace;

    public HostWorld(SimulatedHostDescription description, int seed, DateTimeOffset began, Pace pace, TimeSpan minimumRetention, bool isPaired = false)
    {
        Description = description;
        Seed = seed;
        Began = began;
        Now = began.UtcTicks;
        Server = new ReplicationServer(description, () => Certificates);
        _pace = pace;
        _minimumRetention = minimumRetention;
        foreach (var machine in description.VirtualMachines)
        {
            var created = new VirtualMachine(machine, description.Name, seed, began) { RemembersRuns = isPaired };
            _machines.Add(created);
            Schedule(created);
        }

        _schedule.Share(_pace, Now);
    }

    public SimulatedHostDescription Description { get; }

    public int Seed { get; }

    public DateTimeOffset Began { get; }

    public Pace Pace => _pace;

    /// <summary>The time the world was advanced to, in UTC ticks.</summary>
    public long Now { get; private set; }

    public DateTimeOffset NowTime => new(Now, TimeSpan.Zero);

    /// <summary>The machines that the host currently has.</summary>
    public IEnumerable<VirtualMachine> VirtualMachines => _machines.All.Where(machine => machine.IsHere);

    /// <summary>How many machines were gone through to find some of them.</summary>
    public long MachinesVisited => _machines.Visited;

    /// <summary>All readable jobs, unfinished and ended.</summary>
    public IReadOnlyCollection<Job> Jobs => _jobs.Values;

    public int UnfinishedJobs => _schedule.Count;

    /// <summary>When the next spontaneous change is due, in UTC ticks; the maximum for never.</summary>
    public long NextChange => _schedule.NextDue()?.DueTicks ?? long.MaxValue;

    public IReadOnlyList<Initiation> Initiations => _initiations;

    public FaultCounters FaultCounters => _faultCounters;

    /// <summary>Whether it has no power.</summary>
    public bool IsDown { get; private set; }

    /// <summary>When its power last returned; null when it has had power all the time.</summary>
    public DateTimeOffset? Booted { get; private set; }

    /// <summary>The host as a replica server.</summary>
    public ReplicationServer Server { get; }

    /// <summary>The host to which its machines replicate; null when it is simulated alone.</summary>
    public IPeerHost? Peer { get; set; }

    /// <summary>
    /// Whether records are applied that another process, or this one earlier, has written. How an exchange with the linked host ended is then in the records:
    /// a job that is due for one waits for its own.
    /// </summary>
    public bool IsReplaying { get; set; }

    /// <summary>The messages to the linked host that have not arrived there as far as this world knows.</summary>
    public IReadOnlyList<PeerMessageSent> Outbox => _outbox;

    /// <summary>The number of the last message received from the linked host.</summary>
    public int Received { get; private set; }

    /// <summary>The certificates; created on first use, since a forecast never needs them.</summary>
    public CertificateStore Certificates => _certificates ??= new CertificateStore(Description, Seed, Began);

    /// <summary>A machine that the host currently has, or null.</summary>
    public VirtualMachine? FindVirtualMachine(Guid id) => _machines.Find(id) is { IsHere: true } machine ? machine : null;

    /// <summary>The machines that the host currently has and that have a name, in the order of <see cref="VirtualMachines"/>.</summary>
    public IEnumerable<VirtualMachine> VirtualMachinesNamed(string name) => _machines.Named(name).Where(machine => machine.IsHere);

    /// <summary>The machines that the host currently has and that were described with a name, in the order of <see cref="VirtualMachines"/>.</summary>
    public IEnumerable<VirtualMachine> VirtualMachinesDescribedAs(string name) => _machines.NamedAtFirst(name).Where(machine => machine.IsHere);

    public Job? FindJob(Guid id) => _jobs.GetValueOrDefault(id);

    public int InitiationsOf(Guid virtualMachineId) => _initiationsByMachine.GetValueOrDefault(virtualMachineId);

    /// <summary>What the passing of time has decided since the last call; to be written to the state file before any caller sees it.</summary>
    public IReadOnlyList<StateRecord> TakeDecided()
    {
        if (_decided.Count == 0)
        {
            return [];
        }

        var taken = _decided;
        _decided = [];
        return taken;
    }

    /// <summary>Drops the messages that have arrived.</summary>
    public void Forget(int arrived) => _outbox.RemoveAll(message => message.Number <= arrived);

    /// <summary>Advances the time. Earlier times are ignored.</summary>
    public void AdvanceTo(long ticks)
    {
        if (!IsReplaying && _held.Count > 0)
        {
            ConcludeHeld();
        }

        while (_schedule.NextDue() is { } job && job.DueTicks <= ticks)
        {
            var at = Math.Max(job.DueTicks, Now);
            _schedule.Settle(at);
            Now = at;
            job.EnterNextPhase(at);
            if (job.WorkIsDone)
            {
                if (IsReplaying && job.Ending.Peer is not null)
                {
                    _held.Add(job);
                }
                else
                {
                    Conclude(job);
                }
            }

            _schedule.Share(_pace, Now);
        }

        Now = Math.Max(Now, ticks);
        while (_ended.TryPeek(out _, out var removeAt) && removeAt <= Now)
        {
            Forget(_ended.Dequeue());
        }
    }

    /// <summary>Applies a record, just decided or read from the state file.</summary>
    /// <exception cref="StateFileException">The record names a virtual machine the host does not have.</exception>
    public void Apply(StateRecord record)
    {
        if (record is HostSummary summary)
        {
            Restore(summary);
            return;
        }

        AdvanceTo(record.Time.UtcTicks);
        _schedule.Settle(Now);
        switch (record)
        {
            case PaceSet set:
                _pace = set.Pace;
                break;
            case CallRefused refused:
                _faultCounters.Count(refused.VirtualMachineId, refused.Strikes);
                break;
            case FailbackInitiated initiated:
                Begin(initiated);
                break;
            case OtherJobStarted started:
                _faultCounters.Count(started.VirtualMachineId, started.Strikes);
                Begin(new Job(started.JobId, started.JobType, Require(started.VirtualMachineId), started.Plan, Now));
                break;
            case MachineChanged changed:
                Received = changed.Message ?? Received;
                if (changed.Creates is { } placeholder)
                {
                    AddPlaceholder(placeholder, NowTime);
                }

                Change(Require(changed.VirtualMachineId), changed.Change);
                break;
            case PeerMessageSent sent when !RemoveIfDecided(record):
                _sent = sent.Number;
                _outbox.Add(sent);
                break;
            case JobTerminationAccepted accepted when FindJob(accepted.JobId) is { IsTerminal: false } job:
                job.BeginStopping(Now);
                break;
            case JobEnded ended when !RemoveIfDecided(record) && FindJob(ended.JobId) is { IsTerminal: false } job:
                End(job, ended.JobState);
                break;
            case JobCut cut when !RemoveIfDecided(record) && FindJob(cut.JobId) is { IsTerminal: false } job:
                job.EndOtherwise(cut.Ending);
                break;
            case JobVanished vanished when !RemoveIfDecided(record) && FindJob(vanished.JobId) is { } job:
                Vanish(job);
                break;
            case ReplicationServerChanged changed:
                Change(changed);
                break;
            case HostRestarted when !RemoveIfDecided(record):
                Restart();
                break;
            case PowerFailed:
                FailPower();
                break;
            case PowerReturned:
                ReturnPower();
                break;
        }

        _schedule.Share(_pace, Now);
    }

    /// <summary>Whether the world has just made the same decision itself while advancing to the record's time.</summary>
    private bool RemoveIfDecided(StateRecord record) => _decided.Remove(record);

    private VirtualMachine Require(Guid id)
        => _machines.Find(id) ?? throw new StateFileException(
            $"it refers to virtual machine {CimText.Guid(id)}, which host {Description.Name} does not have in this estate.");
}
