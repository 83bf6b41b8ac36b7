using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Failback.Demo;

/// <summary>What pairs of simulated hosts show of their machines, independently of agents and coordinator.</summary>
/// <param name="Home">Machines that run at home and nowhere else.</param>
/// <param name="Protected">Those of them whose changes the other host receives.</param>
/// <param name="DoubleRunning">Machines that have ever run on both hosts at once.</param>
/// <param name="LostWrites">Machines whose disks at home lack something that was written, or have parts of two histories.</param>
internal sealed record PairCounts(int Home, int Protected, int DoubleRunning, int LostWrites)
{
    /// <summary>Reads every machine of every pair beside the agents that serve it.</summary>
    /// <param name="estate">The estate.</param>
    /// <param name="document">Its document, beside which the hosts keep their state.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<PairCounts> ReadAsync(Estate estate, string document, TimeProvider time, CancellationToken cancellationToken)
    {
        var counts = new PairCounts(0, 0, 0, 0);
        foreach (var description in estate.Pairs)
        {
            await using var pair = await SimulatedPair.OpenAsync(
                estate, description, new SimulationOptions { PairDirectory = estate.StateDirectoryOf(document) }, time, cancellationToken);
            foreach (var machine in pair.Second.Description.VirtualMachines)
            {
                var content = pair.Compare(machine.Id);
                var isHome = content is { FirstRuns: true, SecondRuns: false };
                counts = new PairCounts(
                    counts.Home + (isHome ? 1 : 0),
                    counts.Protected + (isHome && content.IsProtected ? 1 : 0),
                    counts.DoubleRunning + (content.BothRan > TimeSpan.Zero ? 1 : 0),
                    counts.LostWrites + (content.FirstIsMixed || content.FirstLacks > TimeSpan.Zero ? 1 : 0));
            }
        }

        return counts;
    }
}
