using System.Globalization;
using HostAgent.Faults.Running;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.Faults.Rows;

/// <summary>Rows in which somebody sets clocks. The clock of a database cannot be set apart from the machine's: that nothing is decided by it is a test of the coordinator's.</summary>
internal static class ClockRows
{
    // The call's intent is on the disk, and the host has taken it.
    private const string AfterCall = "AfterCall";

    /// <summary>The coordinator's.</summary>
    public static FaultVariant OfCoordinator => new("of the coordinator", (seed, random) =>
    {
        var setup = OnClocks(Scenes.Failbacks(seed), ofAgents: false);
        return (setup, random.Series(4, 500, 3000, after => random.SetClock(null, after)));
    });

    /// <summary>Those of agents.</summary>
    public static FaultVariant OfAgents => new("of agents", (seed, random) =>
    {
        var setup = OnClocks(Scenes.Failbacks(seed), ofAgents: true);
        return (setup, random.Series(5, 300, 2500, after => random.SetClock(random.One(setup.Estate.Hosts).Name, after)));
    });

    /// <summary>Any of them, and agents that are away meanwhile.</summary>
    public static FaultVariant OfAll => new("of all, and agents away", (seed, random) =>
    {
        var setup = OnClocks(Scenes.Failbacks(seed), ofAgents: true);
        return (setup, random.Series(6, 300, 2500, after => random.Next(3) switch
        {
            0 => random.KillAgent(setup, after, longest: 12_000),
            1 => random.SetClock(random.One(setup.Estate.Hosts).Name, after),
            _ => random.SetClock(null, after),
        }));
    });

    /// <summary>The coordinator's, while machines go home between two hosts.</summary>
    public static FaultVariant OfReturns => new("of the coordinator, host to host", (seed, random) =>
    {
        var setup = OnClocks(Scenes.Returns(seed), ofAgents: false);
        return (setup, random.Series(4, 1500, 6000, after => random.SetClock(null, after)));
    });

    /// <summary>
    /// An agent dies when the host has taken its call, the job fails and is removed while it is away, and its clock is set back by nearly as long as that: to the agent it has been away for a moment,
    /// in which a job would still be listed.
    /// </summary>
    public static FaultVariant BackByAnAbsence => new("set back by as long as the agent was away", (seed, random) =>
    {
        var setup = OnClocks(
            Scenes.Failbacks(seed, (machine, _) => machine with { Faults = [new JobEndsFault { AtPercent = 80, State = HyperV.Replication.ReplicationState.Recovered, Times = 1 }] }) with { UnseenAfter = new SimulationOptions().MinimumJobRetention },
            ofAgents: true);
        var before = setup.Servers.Agent.Before;
        var strikes = setup.Estate.Hosts.Select(host =>
        {
            var (down, away) = (random.Time(20_000, 26_000), random.Time(0, 2500));
            return new PlannedStrike(
                TimeSpan.Zero,
                string.Create(CultureInfo.InvariantCulture, $"the agent of {host.Name} kills itself {AfterCall}, down for {down.TotalMilliseconds:0} ms, to it {away.TotalMilliseconds:0} ms"),
                (theatre, ended) => theatre.ReviveAsync(
                    $"agent of {host.Name}", host.Name, theatre.Cluster.Agents[host.Name], [down], ended, () => Controls.SetClock(theatre.Cluster.DataOf(host.Name), away - down)))
            { RunsBeside = true };
        }).ToList();
        return (setup with { Servers = setup.Servers with { Agent = setup.Servers.Agent with { Before = life => life == 0 ? ["--kill-at", $"{AfterCall}:1", .. before(life)] : before(life) } } }, strikes);
    });

    private static Setup OnClocks(Setup setup, bool ofAgents) => setup with
    {
        // A pause that had begun before its clock was set back by ten minutes takes ten minutes more.
        Bound = TimeSpan.FromMinutes(14),
        Servers = setup.Servers with { Coordinator = setup.Servers.Coordinator.WithClock(), Agent = ofAgents ? setup.Servers.Agent.WithClock() : setup.Servers.Agent },
    };
}
