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

    private static readonly ReplicationState[] Left = [ReplicationState.Recovered, ReplicationState.Critical];

    /// <summary>Jobs that are gone without an end, as after a restart of the management service, on machines that show that nothing works on them any more.</summary>
    public static FaultVariant VanishedJobs => OnMachines("vanished jobs", random => random.Next(2) == 0 ? [] : [new JobVanishesFault { AtPercent = random.Next(5, 95), State = random.One(Left), Times = 1 }]);

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
        0 => [new LeavesFault { AtPercent = random.Next(5, 95), Times = 1 }],
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
