using HostAgent.Hosting;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Disks;
using HostAgent.Agent.Failbacks;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Wire;
using HostAgent.HyperV;
using HostAgent.HyperV.Certificates;

namespace HostAgent.Agent.Hosting;

/// <summary>Everything that lives from the agent's start to its stop, in the order in which it is opened; closed in the reverse order.</summary>
internal sealed class AgentRuntime : IAsyncDisposable
{
    private readonly OperationJournal _journal;
    private readonly JobWatch _watch;

    private AgentRuntime(
        DateTimeOffset startTime, OperationJournal journal, HostConnection connection, HyperVHost host, JobWatch watch, FailbackKind failbackKind)
    {
        StartTime = startTime;
        _journal = journal;
        Connection = connection;
        Host = host;
        _watch = watch;
        FailbackKind = failbackKind;
    }

    /// <summary>When the agent was started.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>The way to the host.</summary>
    public HostConnection Connection { get; }

    /// <summary>The host.</summary>
    public HyperVHost Host { get; }

    /// <summary>How large the machines' disks are.</summary>
    public required DiskInventory Disks { get; init; }

    /// <summary>The host's operations.</summary>
    public required HostOperations Operations { get; init; }

    /// <summary>Their events, as streams.</summary>
    public required OperationStreams Streams { get; init; }

    /// <summary>Takes them back.</summary>
    public required OperationCancellation Cancellation { get; init; }

    /// <summary>What was lost with a damaged journal.</summary>
    public required JournalLoss JournalLoss { get; init; }

    /// <summary>What may have been lost with a damaged or replaced journal.</summary>
    public required LostWork Lost { get; init; }

    /// <summary>The kind of operation that is a failback.</summary>
    public FailbackKind FailbackKind { get; }

    /// <summary>The journal.</summary>
    public OperationJournal Journal => _journal;

    /// <summary>Opens everything. Operations are not taken up yet.</summary>
    /// <exception cref="StartException">The journal or the host cannot be opened.</exception>
    public static async Task<AgentRuntime> OpenAsync(
        AgentOptions options, AgentIdentity identity, TimeProvider time, AgentSeams seams, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var journal = OpenJournal(options.Data, time, loggers.CreateLogger<OperationJournal>());
        HostConnection? connection = null;
        try
        {
            connection = await (seams.Connect?.Invoke(cancellationToken) ?? HostConnector.ConnectAsync(options, time, cancellationToken));
            var trust = connection.IsSimulated ? null : new LocalCertificateTrust(time);
            var host = new HyperVHost(connection.Namespaces, time, options.ToRules(), trust, loggers.CreateLogger<HyperVHost>());
            var kind = new FailbackKind(identity.HostName, host, FailbackRequests.ReadStored);
            var watch = new JobWatch(host, connection.Timing, time, loggers.CreateLogger<JobWatch>());
            var context = new OperationContext(identity.HostName, host, watch, connection.Timing, options.NoProgressAfter, time, seams.Checkpoint);
            var queue = new HostQueue(options.MaxConcurrentFailbacks, options.MaxQueuedFailbacks);
            var live = new LiveOperations();
            var loss = new JournalLoss(journal.Damages, options.OperationRetention, time);
            var lost = new LostWork(loss, journal, context, live, [kind], loggers.CreateLogger<LostWork>());
            return new AgentRuntime(time.GetUtcNow(), journal, connection, host, watch, kind)
            {
                Disks = new DiskInventory(host, time, loggers.CreateLogger<DiskInventory>()),
                JournalLoss = loss,
                Lost = lost,
                Streams = new OperationStreams(live, journal),
                Cancellation = new OperationCancellation(live, context, journal, loggers.CreateLogger<OperationCancellation>()),
                Operations = new HostOperations(
                    context, journal, lost, queue, live, [kind], loggers.CreateLogger<HostOperations>()),
            };
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            await journal.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Operations.DisposeAsync();
        await _watch.DisposeAsync();
        await Disks.DisposeAsync();
        await Connection.DisposeAsync();
        await _journal.DisposeAsync();
    }

    private static OperationJournal OpenJournal(string directory, TimeProvider time, ILogger logger)
    {
        try
        {
            return OperationJournal.Open(directory, time, logger);
        }
        catch (JournalException e)
        {
            throw new StartException([e.Message], e);
        }
    }
}
