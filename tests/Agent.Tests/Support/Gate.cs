using HostAgent.Agent.Operations;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Holds operations at a checkpoint, as if the agent had died there, until the agent is stopped.</summary>
internal sealed class Gate(OperationCheckpoint at)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task HoldAsync(OperationCheckpoint checkpoint, OperationSnapshot operation, CancellationToken stop)
    {
        if (checkpoint != at)
        {
            return Task.CompletedTask;
        }

        _reached.TrySetResult();
        return Task.Delay(Timeout.Infinite, stop);
    }
}
