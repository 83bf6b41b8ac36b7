using HostAgent.Agent.Hosting;
using HostAgent.Agent.Jobs;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.KillableAgent;

/// <summary>A simulated host whose jobs take tenths of seconds and stay readable for minutes, whatever the machine that runs the tests is busy with.</summary>
internal static class FastHost
{
    private const double Speed = 200;
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(20);

    public static async Task<HostConnection> ConnectAsync(MortalAgent agent, CancellationToken cancellationToken)
    {
        var estate = EstateDocument.Parse(await File.ReadAllTextAsync(agent.Estate, cancellationToken), agent.Estate).Require();
        var options = new SimulationOptions { StateFile = agent.StateFile, Speed = Speed, MinimumJobRetention = Retention };
        var host = await SimulatedHost.OpenAsync(estate.FindHost(agent.Host)!, options, TimeProvider.System, cancellationToken);
        var timing = HostTiming.Simulated(Speed, Retention) with
        {
            CallSettlingTime = TimeSpan.FromMilliseconds(50),
            ShortestPoll = TimeSpan.FromMilliseconds(20),
            LongestPoll = TimeSpan.FromMilliseconds(100),
            MachinePoll = TimeSpan.FromMilliseconds(200),
        };
        return new HostConnection(host.OpenNamespaces(), timing, () => host.Initiations.Total, host);
    }
}
