using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.HyperV;

/// <summary>
/// One Hyper-V host, seen through its CIM namespaces: the door to this project. Holds no state of its own; every call asks the host.
/// Every method fails with <see cref="CimException"/> when the namespace refuses or cannot be reached, and with
/// <see cref="CimDataException"/> when an instance holds something else than its class should.
/// </summary>
public sealed class HyperVHost
{
    private readonly ICimSession _session;
    private readonly TimeProvider _time;
    private readonly VirtualMachineReader _machines;
    private readonly SnapshotReader _snapshots;
    private readonly JobReader _jobs;
    private readonly ReplicationServiceCaller _service;
    private readonly VirtualHardDiskReader _disks;
    private readonly ReplicaServerReader _replicaServer;
    private readonly ReadinessReader _readiness;

    /// <summary>Opens the door to Hyper-V's namespace alone.</summary>
    /// <param name="session">The session; it stays its owner's to dispose.</param>
    /// <param name="time">The clock that ages are measured by.</param>
    /// <param name="rules">What a machine must look like before a failback; null for <see cref="FailbackRules.Default"/>.</param>
    public HyperVHost(ICimSession session, TimeProvider time, FailbackRules? rules = null)
        : this(new HostNamespaces(session), time, rules)
    {
    }

    /// <summary>Opens the door.</summary>
    /// <param name="namespaces">The sessions; they stay their owner's to dispose.</param>
    /// <param name="time">The clock that ages are measured by.</param>
    /// <param name="rules">What a machine must look like before a failback; null for <see cref="FailbackRules.Default"/>.</param>
    /// <param name="trust">Judges the host's certificates; null when this process does not run on the host.</param>
    /// <param name="logger">Where it is told that a neighbour namespace does not answer; null for nowhere.</param>
    public HyperVHost(
        HostNamespaces namespaces, TimeProvider time, FailbackRules? rules = null, ICertificateTrust? trust = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(namespaces);
        ArgumentNullException.ThrowIfNull(time);
        var session = namespaces.Virtualization;
        _session = session;
        _time = time;
        Rules = rules ?? FailbackRules.Default;
        _machines = new VirtualMachineReader(session);
        _snapshots = new SnapshotReader(session);
        _jobs = new JobReader(session);
        _service = new ReplicationServiceCaller(session);
        _disks = new VirtualHardDiskReader(session);
        _replicaServer = new ReplicaServerReader(session);
        logger ??= NullLogger.Instance;
        _readiness = new ReadinessReader(
            session, _service, _machines, _jobs, _snapshots, _disks, _replicaServer, new ConnectionProbe(_service, _jobs, time),
            new CertificateProbe(_service, trust, Rules.CertificateRevocation), new NeighbourNamespace(namespaces.Windows, logger),
            new NeighbourNamespace(namespaces.Cluster, logger));
    }

    /// <summary>What a machine must look like before a failback.</summary>
    public FailbackRules Rules { get; }

    /// <summary>Describes the host and its replication service. Two calls: fit for a liveness probe.</summary>
    public async Task<HostStatus> DescribeAsync(CancellationToken cancellationToken)
    {
        var service = await _service.FindServiceAsync(cancellationToken);
        if (service is null)
        {
            return new HostStatus(null, ReplicationServiceAvailable: false, null, null, null, null, null);
        }

        var settings = await _replicaServer.ReadAsync(cancellationToken);
        return new HostStatus(
            service.GetString("SystemName") ?? service.Path?.Server,
            ReplicationServiceAvailable: true,
            settings?.Enabled,
            settings?.AllowedAuthenticationType,
            settings?.HttpPort,
            settings?.HttpsPort,
            settings?.MonitoringInterval);
    }

    /// <summary>
    /// Lists the virtual machines by name and then id, in three calls however many there are. The host's own row is left out. A host
    /// that shows no rows at all, not even its own, is reported as <see cref="CimErrorCode.AccessDenied"/>.
    /// </summary>
    public Task<IReadOnlyList<VirtualMachine>> ListVirtualMachinesAsync(CancellationToken cancellationToken)
        => _machines.ListAsync(cancellationToken);

    /// <summary>Reads one virtual machine.</summary>
    /// <returns>The machine, or null when this host does not have it (now): it may have moved to another cluster node.</returns>
    public Task<VirtualMachine?> FindVirtualMachineAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => _machines.FindAsync(id, cancellationToken);

    /// <summary>Lists the recovery points of a machine, newest first. None is normal when no history is kept.</summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when this host does not have the machine, where the host says so.</exception>
    public async Task<IReadOnlyList<RecoveryPoint>> ListRecoveryPointsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => (await _snapshots.ReadAsync(VirtualMachineReader.PathOf(id), id, cancellationToken)).RecoveryPoints;

    /// <summary>Reads the settings of the machine's primary relationship (<c>\0</c>).</summary>
    /// <returns>The settings, or null when the machine is not here or not replicated.</returns>
    public async Task<ReplicationSettingData?> GetReplicationSettingsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => (await _machines.FindAsync(id, cancellationToken))?.ReplicationSettings;

    /// <summary>Lists the virtual hard disks of all machines, in one call. Those of checkpoints are among them, under the checkpoint's id.</summary>
    public Task<IReadOnlyList<VirtualHardDisk>> ListVirtualHardDisksAsync(CancellationToken cancellationToken) => _disks.ListAsync(cancellationToken);

    /// <summary>
    /// Reads the files of disks: one call each, two at a time, and one call before them. A file that cannot be read says so and keeps no
    /// other from being read.
    /// </summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when the host shows no image management service.</exception>
    public Task<IReadOnlyDictionary<string, VirtualHardDiskFile>> ReadVirtualHardDisksAsync(
        IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
        => _disks.ReadFilesAsync(paths, cancellationToken);

    /// <summary>
    /// Invokes <c>Msvm_ReplicationService.InitiateFailback</c>, once. Not idempotent: whoever calls this must have written down that
    /// it is about to. When it throws <see cref="CimException"/> or is cancelled, the call may or may not have taken effect.
    /// </summary>
    /// <exception cref="ReplicationServiceMissingException">The host shows no replication service; nothing was asked of it.</exception>
    public Task<FailbackAnswer> InitiateFailbackAsync(FailbackCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _service.InitiateFailbackAsync(call, cancellationToken);
    }

    /// <summary>Lists the replication providers registered on the host: the in-box one, and those of third parties.</summary>
    public async Task<IReadOnlyList<ReplicationProvider>> ListReplicationProvidersAsync(CancellationToken cancellationToken)
        => [.. (await _session.ListInstancesAsync(HyperVClasses.ReplicationProvider, [], cancellationToken)).Select(ProviderReader.Read)];

    /// <summary>Asks for the replication statistics of the machine's primary relationship. Changes nothing.</summary>
    /// <returns>The statistics, or null when the machine is not here or not replicated.</returns>
    /// <exception cref="ReplicationServiceMissingException">The host shows no replication service.</exception>
    public async Task<ReplicationStatisticsAnswer?> GetReplicationStatisticsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => (await _machines.FindAsync(id, cancellationToken))?.Relationship is { } relationship
            ? await _service.GetStatisticsAsync(relationship, cancellationToken)
            : null;

    /// <summary>
    /// Asks the host to try the connection to a replica server: <c>Msvm_ReplicationService.TestReplicationConnection</c>. Changes
    /// nothing. A job in the answer tells the result at its end.
    /// </summary>
    /// <exception cref="ReplicationServiceMissingException">The host shows no replication service.</exception>
    public Task<ServiceAnswer> TestReplicationConnectionAsync(ReplicaConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfLessThan(connection.Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(connection.Port, ushort.MaxValue);
        return _service.TestConnectionAsync(connection, cancellationToken);
    }

    /// <summary>Reads a job, of whatever class the path names.</summary>
    /// <returns>The job, or null when the host no longer has it: a finished job is kept for five minutes only, and none survives a restart of the management service.</returns>
    public Task<ConcreteJob?> GetJobAsync(CimObjectPath path, CancellationToken cancellationToken) => _jobs.GetAsync(path, cancellationToken);

    /// <summary>Asks a finished job for all its errors; empty when there are none or the job is gone.</summary>
    public Task<IReadOnlyList<JobError>> GetJobErrorsAsync(CimObjectPath path, CancellationToken cancellationToken)
        => _jobs.GetErrorsAsync(path, cancellationToken);

    /// <summary>Lists the jobs that affect a machine, finished ones included for as long as the host keeps them, oldest first.</summary>
    public Task<IReadOnlyList<ConcreteJob>> ListJobsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => _jobs.ListAsync(VirtualMachineReader.PathOf(id), cancellationToken);

    /// <summary>
    /// Lists all jobs of the host whose class is <c>Msvm_ConcreteJob</c> or below, finished ones included, in one call however many
    /// there are. A job of another class, or a malformed one, is missing: that it is not listed proves nothing, <see cref="GetJobAsync"/> does.
    /// </summary>
    public Task<IReadOnlyList<ConcreteJob>> ListJobsAsync(CancellationToken cancellationToken) => _jobs.ListAsync(cancellationToken);

    /// <summary>
    /// Asks the host to terminate a job. A failback ended during data synchronisation can leave disks that must not be booted. The
    /// answer is not the job's end: go on reading the job.
    /// </summary>
    public Task<JobStateChangeAnswer> RequestJobTerminationAsync(CimObjectPath path, CancellationToken cancellationToken)
        => _jobs.TerminateAsync(path, cancellationToken);

    /// <summary>
    /// Watches all jobs of the host with one subscription until cancelled. Events are hints to read sooner: changes within
    /// <paramref name="within"/> are merged and any may be lost, so that only reading decides.
    /// </summary>
    /// <param name="within">How often the host looks for changes; more than zero.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public IAsyncEnumerable<JobEvent> WatchJobsAsync(TimeSpan within, CancellationToken cancellationToken) => _jobs.WatchAsync(within, cancellationToken);

    /// <summary>
    /// Makes every readiness check that this host can make by itself, changing nothing. At most eleven calls, and one more for each
    /// replicated disk; for a machine of the in-box provider four more, which try the connection to the primary side and read what the
    /// host is as a replica server, and two where it authenticates with certificates. Beside these, where they are looked at, Windows' own
    /// namespace gets one for a machine with disks, and the cluster's two or three. A neighbour namespace that does not answer fails no check.
    /// </summary>
    /// <param name="id">The recovery machine.</param>
    /// <param name="recoveryPoint">The recovery point that would be used.</param>
    /// <param name="cancellationToken">Ends the checks.</param>
    public async Task<ReadinessReport> CheckReadinessAsync(
        VirtualMachineId id, RecoveryPointSelector recoveryPoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recoveryPoint);
        var facts = await _readiness.ReadAsync(id, cancellationToken);
        return new ReadinessChecks(Rules, _time.GetUtcNow()).Make(facts, recoveryPoint);
    }
}
