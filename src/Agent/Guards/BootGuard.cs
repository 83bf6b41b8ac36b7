using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Guards;

/// <summary>
/// At the start of the agent, takes their startup action from the machines that its operations have handed over to the other host, or were about to: the next
/// start of this host must not run a second copy.
/// </summary>
internal sealed partial class BootGuard(
    AgentOptions options, OperationJournal journal, HyperVHost host, HostOperations operations, OwnSteps steps, AgentIdentity identity, TimeProvider time, ILogger<BootGuard> logger)
    : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    // A host that is out of reach for an hour is told of once for each machine.
    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

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

    [LoggerMessage(EventId = 2612, Level = LogLevel.Warning, Message = "Boot guard: reading the journal failed; trying again: host {Host}")]
    private partial void LogNotRead(Exception exception, string host);
}
