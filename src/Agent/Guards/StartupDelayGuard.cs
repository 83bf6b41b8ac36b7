using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Guards;

/// <summary>
/// Sees to it that the host waits with every replicated machine that it may start by itself. Without a wait Windows starts them with its management service,
/// before this agent runs: neither the boot guard nor a coordinator could keep a second copy from starting. The price is that such a machine comes up three minutes
/// later after each start of the host. A machine that has lost its replication keeps the wait: nothing runs twice because of it.
/// </summary>
internal sealed partial class StartupDelayGuard(
    AgentOptions options, BootGuard boots, HyperVHost host, HostOperations operations, OwnSteps steps, AgentIdentity identity, TimeProvider time, ILogger<StartupDelayGuard> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    // One that the host does not take is not asked for in each look.
    private static readonly TimeSpan AgainAfter = TimeSpan.FromHours(6);

    private readonly Dictionary<HyperV.VirtualMachines.VirtualMachineId, long> _asked = [];
    private bool _toldOfHost;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.BootGuard == BootGuardNames.Off)
        {
            return;
        }

        try
        {
            // A machine has one operation at a time, and a fence is urgent.
            await boots.FirstLook.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(Every, time);
            do
            {
                timer.Period = await TryLookAsync(stoppingToken) ? Every : AfterFailure;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The agent is stopped, or was disposed of without a stop, and what this reads with it.
        }
    }

    private async Task<bool> TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (machine, startup) in await host.ListStartupsAsync(cancellationToken))
            {
                if (Needs(machine, startup) && !WasAskedLately(machine))
                {
                    await DelayAsync(machine, startup, cancellationToken);
                }
            }

            _toldOfHost = false;
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_toldOfHost)
            {
                LogNotListed(exception, identity.HostName);
            }

            _toldOfHost = true;
            return false;
        }
    }

    private static bool Needs(VirtualMachine machine, MachineStartup startup)
        => machine is { Relationship: not null, ReplicationMode: not ReplicationMode.TestReplica }
            && startup.Action is StartupAction.RestartIfRunning or StartupAction.Always
            && startup.Delay < StepDefinitions.ShortestStartupDelay;

    private bool WasAskedLately(VirtualMachine machine) => _asked.TryGetValue(machine.Id, out var asked) && time.GetElapsedTime(asked) < AgainAfter;

    private async Task DelayAsync(VirtualMachine machine, MachineStartup startup, CancellationToken cancellationToken)
    {
        // A caller's step comes first: the next look finds the machine again.
        if (operations.LiveOn(machine.Id.ToString()) is not null)
        {
            return;
        }

        var step = steps.DelayStartup(machine.Id, "boot guard");
        try
        {
            await operations.AcceptAsync(step, cancellationToken);
            _asked[machine.Id] = time.GetTimestamp();
            LogDelayed(machine.Name, startup.Delay, StepDefinitions.ShortestStartupDelay, step.OperationId, machine.Id.ToString(), identity.HostName);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotDelayed(exception, machine.Name, machine.Id.ToString(), identity.HostName);
        }
    }

    [LoggerMessage(EventId = 2614, Level = LogLevel.Information, Message = "Boot guard: the host starts machine {Name} {Delay} after its own start; it waits at least {Shortest} by operation_id {OperationId}, vm_id {VmId}, host {Host}")]
    private partial void LogDelayed(string name, TimeSpan delay, TimeSpan shortest, Guid operationId, string vmId, string host);

    [LoggerMessage(EventId = 2615, Level = LogLevel.Information, Message = "Boot guard: delaying the startup of machine {Name} failed; trying again in ten minutes: vm_id {VmId}, host {Host}")]
    private partial void LogNotDelayed(Exception exception, string name, string vmId, string host);

    [LoggerMessage(EventId = 2616, Level = LogLevel.Warning, Message = "Boot guard: listing the machines that the host starts by itself failed; trying again every minute: host {Host}")]
    private partial void LogNotListed(Exception exception, string host);
}
