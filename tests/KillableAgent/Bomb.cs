using System.Diagnostics;
using HostAgent.Agent.Operations;

namespace HostAgent.KillableAgent;

/// <summary>Ends this process with SIGKILL at the moment when every agent in it has an operation at its checkpoint.</summary>
internal sealed class Bomb(int agents)
{
    private int _missing = agents;

    /// <summary>Holds an agent's operation where the agent is to be killed.</summary>
    public CheckpointReached? For(MortalAgent agent)
    {
        if (agent.KillAt is not { } at)
        {
            return null;
        }

        var arrivals = 0;
        return (checkpoint, _, stop) => checkpoint == at && Interlocked.Increment(ref arrivals) == agent.Arrivals ? ArriveAsync(stop) : Task.CompletedTask;
    }

    private Task ArriveAsync(CancellationToken stop)
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            Process.GetCurrentProcess().Kill();
        }

        return Task.Delay(Timeout.Infinite, stop);
    }
}
