namespace HostAgent.Agent.Jobs;

/// <summary>How fast the host does things, by the agent's clock: what can be concluded from what is seen depends on it.</summary>
internal sealed record HostTiming
{
    /// <summary>A real host. Finished jobs stay readable for five minutes (Msvm_ConcreteJob.TimeBeforeRemoval).</summary>
    public static HostTiming Real { get; } = new();

    /// <summary>How long a method call may take before its answer is given up and the host is checked.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long after its intent a call without an answer may still take effect, because the host works on it though its caller is gone.
    /// Only after this does an unchanged host prove anything.
    /// </summary>
    public TimeSpan CallSettlingTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long after its intent a job that had been started, and had failed at once, would surely still be listed; with a margin below five minutes.
    /// Later than this an unchanged host proves nothing.
    /// </summary>
    public TimeSpan JobRetention { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>
    /// How long a state that decides nothing must last before it is believed: right after its management service was restarted,
    /// a host shows machines without their replication.
    /// </summary>
    public TimeSpan UndecidedGracePeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The shortest time between two polls of the host's jobs.</summary>
    public TimeSpan ShortestPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two polls of the host's jobs while operations run.</summary>
    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two polls of the host's machines while all jobs are listed.</summary>
    public TimeSpan MachinePoll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the host itself looks for changes of jobs, for the subscription that hints at them.</summary>
    public TimeSpan EventWindow { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A simulated host at a speed: its five minutes are shorter, and a call never outlives the process that made it.</summary>
    /// <param name="speed">How many times faster than the clock the host works; above 0.</param>
    /// <param name="minimumJobRetention">The shortest time, by the clock, that an ended job stays readable.</param>
    public static HostTiming Simulated(double speed, TimeSpan minimumJobRetention)
    {
        var retention = TimeSpan.FromMinutes(5) / speed;
        var quick = speed > 1;
        return new HostTiming
        {
            CallSettlingTime = TimeSpan.FromSeconds(1),
            JobRetention = (retention > minimumJobRetention ? retention : minimumJobRetention) * 0.8,
            UndecidedGracePeriod = quick ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(15),
            ShortestPoll = quick ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(1),
            LongestPoll = quick ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(5),
            MachinePoll = quick ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(15),
            EventWindow = quick ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(2),
        };
    }
}
