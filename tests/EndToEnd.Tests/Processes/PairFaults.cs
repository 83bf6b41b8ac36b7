using HostAgent.HyperV.Simulation;

namespace HostAgent.EndToEnd.Tests.Processes;

/// <summary>What goes wrong with two hosts, their agents and their coordinator.</summary>
internal static class PairFaults
{
    /// <summary>Kills, power failures and cuts, one after the other, until it is ended.</summary>
    /// <param name="cluster">The coordinator and the agents.</param>
    /// <param name="pair">The hosts.</param>
    /// <param name="powerless">The host that loses its power.</param>
    /// <param name="random">Which fault is next, and when.</param>
    /// <param name="ended">Ends it, after the fault in hand.</param>
    /// <returns>What was broken.</returns>
    public static async Task<List<string>> BreakAsync(Cluster cluster, SimulatedPair pair, SimulatedHost powerless, Random random, CancellationToken ended)
    {
        var done = new List<string>();
        try
        {
            for (var count = 0; count < 8; count++)
            {
                await Task.Delay(random.Next(800, 2500), ended);
                var (victim, host) = random.Next(6) switch
                {
                    0 or 1 => ("coordinator", cluster.Coordinator),
                    2 => ("agent at home", cluster.Agents[pair.First.Description.Name]),
                    3 => ("agent at the recovery site", cluster.Agents[pair.Second.Description.Name]),
                    4 => ("link", null),
                    _ => ($"power of {powerless.Description.Name}", (ServerProcess?)null),
                };
                done.Add(victim);
                if (host is not null)
                {
                    await host.KillAsync();
                    await Task.Delay(random.Next(100, 1500), CancellationToken.None);
                    await host.StartAgainAsync();
                }
                else if (victim == "link")
                {
                    pair.CutLink();
                    await Task.Delay(random.Next(100, 1500), CancellationToken.None);
                    pair.RestoreLink();
                }
                else
                {
                    powerless.FailPower();
                    await Task.Delay(random.Next(100, 1500), CancellationToken.None);
                    powerless.ReturnPower();
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Everything has ended.
        }

        return done;
    }
}
