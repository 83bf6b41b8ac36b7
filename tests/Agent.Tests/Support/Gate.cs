using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Holds operations at a checkpoint, as if the agent had died there, until the agent is stopped or the gate opened.</summary>
internal sealed class Gate(OperationCheckpoint at, Guid? machine = null)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Open() => _opened.TrySetResult();

    public Task HoldAsync(OperationCheckpoint checkpoint, OperationSnapshot operation, CancellationToken stop)
    {
        if (checkpoint != at || (machine is { } id && !operation.Facts.VirtualMachineId.Equals(id.ToString(), StringComparison.OrdinalIgnoreCase)))
        {
            return Task.CompletedTask;
        }

        _reached.TrySetResult();
        return _opened.Task.WaitAsync(stop);
    }
}
