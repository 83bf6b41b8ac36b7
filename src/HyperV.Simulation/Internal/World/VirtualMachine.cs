using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>One virtual machine as it is now.</summary>
internal sealed class VirtualMachine
{
    private readonly List<Job> _jobs = [];

    public VirtualMachine(SimulatedVirtualMachineDescription description, int seed, DateTimeOffset began)
    {
        Description = description;
        Began = began;
        ReplicationState = description.State;
        Health = description.Health;
        Power = description.Power;
        LastReplication = began - description.SinceLastReplication;
        RecoveryPoints = DrawRecoveryPoints(seed);
    }

    public SimulatedVirtualMachineDescription Description { get; }

    public Guid Id => Description.Id;

    public DateTimeOffset Began { get; }

    public ReplicationState ReplicationState { get; private set; }

    public ReplicationHealth Health { get; private set; }

    public EnabledState Power { get; }

    public DateTimeOffset LastReplication { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RecoveryPoint> RecoveryPoints { get; private set; }

    /// <summary>Jobs that are readable: unfinished ones and ended ones within their retention.</summary>
    public IReadOnlyList<Job> Jobs => _jobs;

    /// <summary>The job that keeps other operations away, or null.</summary>
    public Job? BusyJob => _jobs.Find(job => !job.IsTerminal);

    public void Add(Job job) => _jobs.Add(job);

    public void Remove(Job job) => _jobs.Remove(job);

    public void EnterReplicationState(ReplicationState state, DateTimeOffset now)
    {
        ReplicationState = state;
        if (state == ReplicationState.Critical)
        {
            Health = ReplicationHealth.Critical;
        }
        else if (state == ReplicationState.FailbackComplete)
        {
            // A completed resynchronisation deletes all recovery points and leaves both sides equal.
            RecoveryPoints = [];
            LastReplication = now;
            Health = ReplicationHealth.Ok;
        }
    }

    private List<RecoveryPoint> DrawRecoveryPoints(int seed)
    {
        var points = new List<RecoveryPoint>(Description.RecoveryHistory);
        var newest = LastReplication.UtcDateTime;
        var hour = new DateTimeOffset(newest.Date.AddHours(newest.Hour), TimeSpan.Zero);
        RecoveryPoint? parent = null;
        for (var age = Description.RecoveryHistory - 1; age >= 0; age--)
        {
            var consistent = Description.ApplicationConsistentHours > 0 && age % Description.ApplicationConsistentHours == 0;
            var id = SeededGuid.Create(seed, "recovery point", CimText.Guid(Id), age.ToString(System.Globalization.CultureInfo.InvariantCulture));
            parent = new RecoveryPoint(this, id, hour.AddHours(-age), consistent, parent);
            points.Add(parent);
        }

        return points;
    }
}
