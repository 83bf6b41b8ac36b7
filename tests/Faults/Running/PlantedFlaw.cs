using HostAgent.Faults.Checking;
using HostAgent.Faults.Rows;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Running;

/// <summary>A bug that is planted to see that it is found.</summary>
/// <param name="Row">The row that finds it.</param>
/// <param name="FirstSeed">A seed of that row whose faults bring it out.</param>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Plant">Puts it into the processes.</param>
internal sealed record PlantedFlaw(int Row, int FirstSeed, Rule Rule, Func<Setup, Setup> Plant)
{
    /// <summary>All of them, by their names.</summary>
    public static IReadOnlyDictionary<string, PlantedFlaw> All { get; } = new Dictionary<string, PlantedFlaw>(StringComparer.Ordinal)
    {
        // Killed after the call, before its answer arrives: the job fails meanwhile, and the host takes a second call.
        ["no-journal"] = new(1, 2, Rule.DuplicateEffect, setup => Agents(FailingOnce(setup) with { Wire = WireFault.Delays }, "no-journal")),
        ["no-fence"] = new(3, 1, Rule.StartedAfterStop, setup => Agents(setup, "no-fence")),
        ["shadow-host"] = new(22, 2, Rule.FalseSuccess, setup => Agents(setup, "shadow-host")),
        ["no-limits"] = new(22, 2, Rule.LimitExceeded, setup => Coordinators(setup, "no-limits")),
        // All three are at work at once: nothing is done twice, and nobody gets on.
        ["two-owners"] = new(Menu.NodesRow, 6, Rule.TakenOverWithoutEnd, setup => Coordinators(setup, "two-owners") with { Speed = 25, Bound = TimeSpan.FromMinutes(2) }),
    };

    private static Setup Agents(Setup setup, string flaw) => setup with { Servers = setup.Servers with { Agent = Flawed(setup.Servers.Agent, flaw) } };

    private static Setup Coordinators(Setup setup, string flaw) => setup with { Servers = setup.Servers with { Coordinator = Flawed(setup.Servers.Coordinator, flaw) } };

    private static ServerSettings Flawed(ServerSettings server, string flaw)
    {
        var before = server.Before;
        return server with
        {
            Assembly = Menu.FaultyServers,
            Before = life => before(life) is var words && words is [.., "--"] ? ["--flaw", flaw, .. words] : ["--flaw", flaw, "--"],
        };
    }

    private static Setup FailingOnce(Setup setup) => setup with
    {
        Estate = setup.Estate with
        {
            Hosts = [.. setup.Estate.Hosts.Select(host => host with
            {
                AfterFailure = AfterInterruption.FormerState,
                VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { Faults = [new JobEndsFault { AtPercent = 1, Times = 1 }] })],
            })],
        },
    };
}
