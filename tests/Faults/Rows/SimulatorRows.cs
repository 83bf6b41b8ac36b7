using HostAgent.Faults.Running;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.Faults.Rows;

/// <summary>Rows in which the simulated hosts themselves do what hosts do at night. An agent is killed on top.</summary>
internal static class SimulatorRows
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    // An answer that is retried is given a few times; one that is not fails its item.
    private static readonly uint[] Codes = [32768, 32769, 32770, 32771, 32772, 32773, 32774, 32775, 32776, 32777, 32778, 32779, 41234];

    // The last one says that the host is at it, and does so for ever: only a person ends what is followed by it.
    private static readonly ReplicationState[] Left = [ReplicationState.Recovered, ReplicationState.Critical, ReplicationState.FailbackInProgress];

    // Jobs that the host terminates when it is asked to: it merges while it reverses a replication, and refuses. A copy or a start whose job is gone is only asked about after ten minutes, longer than a run may take.
    private static readonly Func<Random, StepStuckFault>[] StuckSteps =
    [
        random => new(JobType.StartResynchronizeInitialReplication) { AtPercent = random.Next(5, 95) },
        random => new(JobType.StartVirtualMachine) { AtPercent = random.Next(5, 95) },
        random => new(JobType.InitiateFailover) { AtPercent = random.Next(5, 95), Vanishes = random.Next(3) == 0 },
    ];

    /// <summary>Jobs that are gone without an end.</summary>
    public static FaultVariant VanishedJobs => OnMachines("vanished jobs", random => random.Next(2) == 0 ? [] : [new JobVanishesFault { AtPercent = random.Next(5, 95), State = random.One(Left), Times = 1 }]);

    /// <summary>The management service restarts: all jobs of the host are gone, and all machines show what they showed.</summary>
    public static FaultVariant HostRestarts => OnHosts("management service restarts", random => [new HostRestartsFault { AtPercent = random.Next(5, 95), Times = random.Next(1, 3) }]);

    /// <summary>Jobs that are gone, on machines that show for ever that the host is at it, and then the journal that knew of them.</summary>
    public static FaultVariant VanishedJobsAndJournal => new("vanished jobs, and the journal", (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed, (machine, index) => index % 2 == 0 ? machine with { Faults = [new JobVanishesFault { AtPercent = random.Next(5, 60), Times = 1 }] } : machine) with { CancelsAfter = Patience };
        return (setup, random.Series(2, 1500, 4000, after =>
        {
            var host = random.One(setup.Estate.Hosts).Name;
            return new PlannedStrike(after, $"kill the agent of {host}; its journal is gone", (theatre, _) => theatre.KillAgentAsync(host, TimeSpan.FromMilliseconds(100), () => Damage.Journal(theatre.Cluster.DataOf(host), how: 2, where: 0)));
        }));
    });

    /// <summary>Jobs that misbehave.</summary>
    public static FaultVariant Jobs => OnMachines("jobs", random => random.Next(8) switch
    {
        0 => [new PercentStuckFault { AtPercent = random.Next(5, 95), Times = 1 }],
        1 => [new PercentJumpsFault()],
        2 => [new PercentGoesBackFault { AtPercent = random.Next(40, 90) }],
        3 => [new JobEndsFault { JobState = JobState.Exception, AtPercent = random.Next(5, 95), Times = 1 }],
        4 => [new JobEndsFault { JobState = (JobState)random.One([8, 9, 32768, 40123]), AtPercent = random.Next(5, 95), ErrorCode = 0, Times = 1 }],
        5 => [new JobEndsFault { JobState = JobState.Completed, ErrorCode = 32775, Times = 1 }],
        6 => [new JobVanishesFault { AtPercent = random.Next(5, 95), State = random.One(Left), Times = 1 }],
        _ => [],
    });

    /// <summary>Steps of returns whose jobs stand still, which a person has cancelled, and failovers whose jobs are gone, which the return undoes after two minutes.</summary>
    public static FaultVariant Steps => new("steps, host to host", (seed, random) =>
    {
        var setup = Scenes.Returns(seed) with { CancelsAfter = Patience };
        return (setup.WithMachines(_ => random.Next(2) == 0 ? [] : [random.One(StuckSteps)(random) with { Times = 1 }]), Kills(setup, random));
    });

    /// <summary>Calls that are answered with a code.</summary>
    public static FaultVariant ReturnCodes => OnMachines("return codes", random => random.Next(4) switch
    {
        0 => [],
        1 => [new SynchronousAnswerFault()],
        _ => [new AnswerFault((ReturnCode)random.One(Codes)) { Times = random.Next(1, 4) }],
    });

    /// <summary>Events that do not come, and slow answers.</summary>
    public static FaultVariant Events => OnHosts("events", random => random.Next(3) switch
    {
        0 => [new EventsLostFault { Percent = random.Next(20, 101) }],
        1 => [new EventsLateFault(random.Time(500, 4000))],
        _ => [new SlowCallsFault(random.Time(50, 600)), new EventsLostFault { Percent = 50 }],
    });

    /// <summary>Machines that leave in mid-job, and get another name.</summary>
    public static FaultVariant Machines => OnMachines("machines", random => random.Next(3) switch
    {
        0 => [new LeavesFault { AtPercent = random.Next(5, 95), ReturnsAfter = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(60, 1800)), Times = 1 }],
        1 => [new RenamedFault($"renamed-{random.Next(1000)}") { After = TimeSpan.FromSeconds(random.Next(60, 1200)) }],
        _ => [],
    });

    /// <summary>Recovery points that are gone when they are asked for.</summary>
    public static FaultVariant RecoveryPoints => OnMachines("recovery points", random => random.Next(2) == 0 ? [new RecoveryPointsGoneFault { After = TimeSpan.FromSeconds(random.Next(0, 1200)) }] : []);

    /// <summary>Somebody else was first, or a backup runs.</summary>
    public static FaultVariant OtherCallers => OnMachines("other callers", random => random.Next(4) switch
    {
        0 => [new RacedFault { Times = 1 }],
        1 => [new InUseFault { After = TimeSpan.FromSeconds(random.Next(0, 600)), Duration = TimeSpan.FromSeconds(random.Next(60, 900)) }],
        2 => [new AnswerLostFault { Times = 1 }],
        _ => [],
    });

    /// <summary>The agent is down while jobs end and are removed.</summary>
    public static FaultVariant EndsWithoutAgent => new("the agent down", (seed, random) =>
    {
        var setup = Scenes.Unseen(seed, random);
        return (setup, random.Series(2, 1000, 3000, after => AtWork(random.One(setup.Estate.Hosts).Name, "kill the agent of", random.Time(28_000, 36_000), after, (theatre, host, time) => theatre.KillAgentAsync(host, time))));
    });

    /// <summary>The host's management service answers nothing while jobs end and are removed.</summary>
    public static FaultVariant EndsOnSilentHost => new("the host silent", (seed, random) =>
    {
        var setup = Scenes.Unseen(seed, random);
        return (setup, random.Series(2, 1000, 3000, after => AtWork(random.One(setup.Estate.Hosts).Name, "silence", random.Time(28_000, 36_000), after, (theatre, host, time) => theatre.SilenceHostAsync(host, time))));
    });

    // Whatever is done to a host for longer than its jobs take and are kept, while it has one.
    private static PlannedStrike AtWork(string host, string what, TimeSpan time, TimeSpan after, Func<Theatre, string, TimeSpan, Task> strike)
        => new(after, FormattableString.Invariant($"{what} {host} while it has a job, for {time.TotalMilliseconds:0} ms"), async (theatre, ended) =>
        {
            await theatre.UntilAtWorkAsync(host, ended);
            await strike(theatre, host, time);
        });

    private static FaultVariant OnHosts(string name, Func<Random, IReadOnlyList<Fault>> draw) => new(name, (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed).With(_ => draw(random)) with { CancelsAfter = Patience };
        return (setup, Kills(setup, random));
    });

    private static FaultVariant OnMachines(string name, Func<Random, IReadOnlyList<Fault>> draw) => new(name, (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed, (machine, _) => machine with { Faults = draw(random) }) with { CancelsAfter = Patience };
        return (setup, Kills(setup, random));
    });

    private static IReadOnlyList<PlannedStrike> Kills(Setup setup, Random random) => random.Series(random.Next(3), 500, 3000, after => random.KillAgent(setup, after));
}
