using System.Buffers;
using HostAgent.Campaigns;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Hosting;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Runs;

/// <summary>What all runs share.</summary>
internal sealed class RunServices(
    IEventStore store,
    CommandAudit audit,
    CommandRecorder recorder,
    AgentRegistry registry,
    OperationFollower follower,
    AgentQuestions questions,
    IPairSteps pairs,
    Func<IScheduledRuns> schedules,
    IWavePrograms programs,
    CoordinatorInstance instance,
    MachineHolds holds,
    EstateChanges changes,
    IStartForecasts forecasts,
    TimeProvider time,
    JitterSource jitter,
    IOptions<CoordinatorOptions> options,
    ILoggerFactory loggers)
{
    private readonly ArrayPool<byte> _snapshots = SnapshotKeeper.CreateBuffers();

    /// <summary>The identity of this process for the agents, which distinguishes it from a process that runs on a copy of its store.</summary>
    public CoordinatorInstance Instance => instance;

    public DateTimeOffset StartTime { get; } = time.GetUtcNow();

    public IEventStore Store { get; } = store;

    /// <summary>Whether this process still has the store to itself.</summary>
    public IStoreHold Hold => instance.Hold;

    /// <summary>Decides which commands the audit records.</summary>
    public CommandAudit Audit { get; } = audit;

    /// <summary>Records the calls that never reach a campaign's machine.</summary>
    public CommandRecorder Recorder { get; } = recorder;

    /// <summary>Which campaign holds which machine.</summary>
    public MachineHolds Holds { get; } = holds;

    public EstateChanges Changes { get; } = changes;

    public IStartForecasts Forecasts { get; } = forecasts;

    public AgentRegistry Registry { get; } = registry;

    public TimeProvider Time { get; } = time;

    public ILoggerFactory Loggers { get; } = loggers;

    /// <summary>Makes the dispatcher of a campaign.</summary>
    public CampaignDispatcher CreateDispatcher(DispatchedCampaign campaign, ICampaignReports reports)
        => new(campaign, reports, Registry, follower, questions, pairs, schedules, programs, Time, options, Loggers.CreateLogger<CampaignDispatcher>());

    /// <summary>Makes what keeps the snapshots of a campaign.</summary>
    public SnapshotKeeper CreateSnapshotKeeper(Guid campaign, string name)
        => new(campaign, name, Store, _snapshots, options.Value.SnapshotEvents, Loggers.CreateLogger<SnapshotKeeper>());

    /// <summary>Makes the waits before a campaign is reloaded, after consecutive failures.</summary>
    public ExponentialBackoff CreateBackoff() => new(options.Value.ReconnectDelay, options.Value.MaxReconnectDelay, () => jitter());
}
