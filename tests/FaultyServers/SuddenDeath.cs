using System.Diagnostics;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.FaultyServers;

/// <summary>Ends this process with SIGKILL when a point has been reached often enough.</summary>
internal sealed class SuddenDeath(KillPoint point)
{
    private int _arrivals;

    /// <summary>A checkpoint of the agent's operations was reached.</summary>
    public Task Arrive(OperationCheckpoint checkpoint, OperationSnapshot operation, CancellationToken cancellationToken)
    {
        Arrive(checkpoint.ToString());
        return Task.CompletedTask;
    }

    /// <summary>A point was reached.</summary>
    public void Arrive(string name)
    {
        if (name == point.Name && Interlocked.Increment(ref _arrivals) == point.Arrivals)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
