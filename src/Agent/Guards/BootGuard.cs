using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Guards;

/// <summary>
/// At the start of the agent, looks at the machines that its operations have handed over to the other host, or were about to, and that this host would start by
/// itself. Nobody can be asked where production is now: the agent calls no one. So the site has chosen. With <c>hold</c> such a machine loses its startup action,
/// and the risk is that it stays off although it belongs here again, until somebody unfences or starts it. With <c>start</c> it is left to start after its delay
/// (<see cref="StartupDelayGuard"/>) unless it is fenced before that, and the risk is a second copy.
/// </summary>
internal sealed partial class BootGuard(
    AgentOptions options, OperationJournal journal, HyperVHost host, HostOperations operations, OwnSteps steps, AgentIdentity identity, TimeProvider time, ILogger<BootGuard> logger)
    : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A host that is out of reach for an hour is told of once for each machine.
    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Ends when every machine that was handed over has been looked at once, whether or not that succeeded.</summary>
    public Task FirstLook => _looked.Task;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.BootGuard == BootGuardNames.Off)
        {
            return;
        }

        try
        {
            await HoldAllAsync(stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The agent is stopped, or was disposed of without a stop, and what this reads with it.
        }
        finally
        {
            _looked.TrySetResult();
        }
    }

    private async Task HoldAllAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<MachineStep>? left = null;
        using var timer = new PeriodicTimer(Again, time);
        do
        {
            try
            {
                // What the journal says at the start: a machine that is handed over later is fenced by whoever does that.
                left ??= MachineHistory.FindHandedOver(await journal.ReadStepsAsync(MachineHistory.Kinds, stoppingToken));
            }
            catch (JournalException exception)
            {
                LogNotRead(exception, identity.HostName);
                _looked.TrySetResult();
                continue;
            }

            var failed = new List<MachineStep>();
            foreach (var handedOver in left)
            {
                if (!await TryHoldAsync(handedOver, stoppingToken))
                {
                    failed.Add(handedOver);
                }
            }

            left = failed;
            _looked.TrySetResult();
        }
        while (left is not { Count: 0 } && await timer.WaitForNextTickAsync(stoppingToken));
    }

    // False when it must be tried again.
    private async Task<bool> TryHoldAsync(MachineStep handedOver, CancellationToken cancellationToken)
    {
        var id = VirtualMachineId.Parse(handedOver.VirtualMachineId);
        try
        {
            if (operations.LiveOn(handedOver.VirtualMachineId) is not null)
            {
                return false;
            }

            var reading = await host.ReadMachineAsync(id, cancellationToken);
            if (reading.Machine is not { } machine
                || !(machine.EnabledState == EnabledState.Off || machine.HasSavedState)
                || reading.StartupAction is not (StartupAction.RestartIfRunning or StartupAction.Always))
            {
                return true;
            }

            if (options.BootGuard == BootGuardNames.Start)
            {
                LogLeft(machine.Name, (int)reading.StartupAction, handedOver.Kind, handedOver.Time, reading.StartupDelay ?? TimeSpan.Zero, handedOver.VirtualMachineId, identity.HostName);
                return true;
            }

            var fence = steps.Fence(id, "boot guard");
            await operations.AcceptAsync(fence, cancellationToken);
            LogHeld(machine.Name, (int)reading.StartupAction, handedOver.Kind, handedOver.Time, fence.OperationId, handedOver.VirtualMachineId, identity.HostName);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_told.Add(handedOver.VirtualMachineId))
            {
                LogNotHeld(exception, handedOver.VirtualMachineName, handedOver.VirtualMachineId, identity.HostName);
            }

            return false;
        }
    }

    [LoggerMessage(EventId = 2610, Level = LogLevel.Warning, Message = "Boot guard: machine {Name} had startup action {Action}, but {Kind} of {Time:u} took it out of production here; it is fenced by operation_id {OperationId}, vm_id {VmId}, host {Host}")]
    private partial void LogHeld(string name, int action, string kind, DateTimeOffset time, Guid operationId, string vmId, string host);

    [LoggerMessage(EventId = 2611, Level = LogLevel.Warning, Message = "Boot guard: looking at machine {Name} or fencing it failed; trying again every ten seconds: vm_id {VmId}, host {Host}")]
    private partial void LogNotHeld(Exception exception, string name, string vmId, string host);

    [LoggerMessage(EventId = 2613, Level = LogLevel.Warning, Message = "Boot guard: machine {Name} has startup action {Action} and {Kind} of {Time:u} took it out of production here; the host starts it {Delay} after its own start unless it is fenced before, and a copy of it may run on the other host: vm_id {VmId}, host {Host}")]
    private partial void LogLeft(string name, int action, string kind, DateTimeOffset time, TimeSpan delay, string vmId, string host);

    [LoggerMessage(EventId = 2612, Level = LogLevel.Warning, Message = "Boot guard: reading the journal failed; trying again: host {Host}")]
    private partial void LogNotRead(Exception exception, string host);
}
