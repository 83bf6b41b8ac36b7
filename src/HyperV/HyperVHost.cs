using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.HyperV;

/// <summary>
/// One Hyper-V host, accessed through its CIM namespaces: the entry point of this project. Stateless; every call queries the host.
/// Every method fails with <see cref="CimException"/> when the namespace rejects the call or cannot be reached, and with
/// <see cref="CimDataException"/> when an instance does not hold what its class should.
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
    private readonly MachineReadingReader _readings;
    private readonly HomeFactsReader _home;
    private readonly OptionalNamespace _windows;

    /// <summary>Uses Hyper-V's namespace only.</summary>
    /// <param name="session">The session; its owner disposes it.</param>
    /// <param name="time">Clock for computing ages.</param>
    /// <param name="rules">Preconditions of a failback; null for <see cref="FailbackRules.Default"/>.</param>
    public HyperVHost(ICimSession session, TimeProvider time, FailbackRules? rules = null)
        : this(new HostNamespaces(session), time, rules)
    {
    }

    /// <summary>Uses all namespaces.</summary>
    /// <param name="namespaces">The sessions; their owner disposes them.</param>
    /// <param name="time">Clock for computing ages.</param>
    /// <param name="rules">Preconditions of a failback; null for <see cref="FailbackRules.Default"/>.</param>
    /// <param name="trust">Checks the host's certificates; null when this process does not run on the host.</param>
    /// <param name="logger">Logs when an optional namespace does not answer; null for no logging.</param>
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
        _readings = new MachineReadingReader(session, _service, _machines, _jobs);
        logger ??= NullLogger.Instance;
        var (connection, windows, cluster) = (new ConnectionProbe(_service, _jobs, time), new OptionalNamespace(namespaces.Windows, logger), new OptionalNamespace(namespaces.Cluster, logger));
        _windows = windows;
        _readiness = new ReadinessReader(
            session, _service, _machines, _jobs, _snapshots, _disks, _replicaServer, connection, new CertificateProbe(_service, trust, Rules.CertificateRevocation), windows, cluster);
        _home = new HomeFactsReader(session, _service, _machines, new HomeMachineReader(session, _disks, _snapshots), _replicaServer, connection, windows, cluster, time);
    }

    /// <summary>The preconditions of a failback.</summary>
    public FailbackRules Rules { get; }

    /// <summary>Describes the host and its replication service. Two calls; suitable as a liveness probe.</summary>
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
    /// Lists the virtual machines by name, then by id. Always three calls. The host's own row is left out. A host that returns no
    /// rows at all, not even its own, is reported as <see cref="CimErrorCode.AccessDenied"/>.
    /// </summary>
    public Task<IReadOnlyList<VirtualMachine>> ListVirtualMachinesAsync(CancellationToken cancellationToken)
        => _machines.ListAsync(cancellationToken);

    /// <summary>Reads one virtual machine.</summary>
    /// <returns>The machine, or null when this host does not have it: it may have moved to another cluster node.</returns>
    public Task<VirtualMachine?> FindVirtualMachineAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => _machines.FindAsync(id, cancellationToken);

    /// <summary>Reads what a decision between two hosts needs to know of a machine. About eight calls.</summary>
    public Task<MachineReading> ReadMachineAsync(VirtualMachineId id, CancellationToken cancellationToken) => _readings.ReadAsync(id, cancellationToken);

    /// <summary>
    /// Reads what <see cref="ReadMachineAsync"/> tells, of all machines of the host and by their names: eight calls, one for each unfinished job and one for each machine
    /// that a test failover made.
    /// </summary>
    public Task<IReadOnlyList<MachineReading>> ListMachineReadingsAsync(CancellationToken cancellationToken) => _readings.ListAsync(cancellationToken);

    /// <summary>Reads what the host does with each of its machines when it starts itself. Four calls.</summary>
    public Task<IReadOnlyList<(VirtualMachine Machine, MachineStartup Startup)>> ListStartupsAsync(CancellationToken cancellationToken) => _readings.ListStartupsAsync(cancellationToken);

    /// <summary>
    /// When the host itself was started, and what its clock shows now (<c>Win32_OperatingSystem.LastBootUpTime</c> and <c>LocalDateTime</c>); each null when its Windows
    /// namespace does not tell.
    /// </summary>
    public async Task<(DateTimeOffset? Booted, DateTimeOffset? Now)> ReadClockAsync(CancellationToken cancellationToken)
        // Wine's clock is a text, and no reason to show nothing of a machine.
        => (await _windows.AskAsync(session => session.ListInstancesAsync("Win32_OperatingSystem", [], cancellationToken))).Value is [var system, ..]
            ? (system.GetDateTime("LastBootUpTime"), system["LocalDateTime"] as DateTimeOffset?)
            : (null, null);

    /// <summary>Lists the machines that test failovers made of a machine. One call.</summary>
    public Task<IReadOnlyList<VirtualMachineId>> ListTestMachinesAsync(VirtualMachineId id, CancellationToken cancellationToken) => _readings.ListTestMachinesAsync(id, cancellationToken);

    /// <summary>The calls that move a machine between this host and another one.</summary>
    public FailoverCalls Failover => new(_session);

    /// <summary>The calls that connect a machine's network adapters.</summary>
    public NetworkCalls Networks => new(_session);

    /// <summary>The calls that set the VLAN and the MAC address of a machine's network adapters.</summary>
    public AdapterPortCalls AdapterPorts => new(_session);

    /// <summary>The calls that set what guests get on their adapters after a failover.</summary>
    public FailoverNetworkCalls FailoverNetworks => new(_session);

    /// <summary>Lists the recovery points of a machine, newest first. An empty list is normal when no history is kept.</summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when this host does not have the machine and says so.</exception>
    public async Task<IReadOnlyList<RecoveryPoint>> ListRecoveryPointsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => (await _snapshots.ReadAsync(VirtualMachineReader.PathOf(id), id, cancellationToken)).RecoveryPoints;

    /// <summary>Reads the settings of the machine's primary relationship (<c>\0</c>).</summary>
    /// <returns>The settings, or null when the machine is not here or not replicated.</returns>
    public async Task<ReplicationSettingData?> GetReplicationSettingsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => (await _machines.FindAsync(id, cancellationToken))?.ReplicationSettings;

    /// <summary>Lists the virtual hard disks of all machines in one call. Checkpoint disks are included, under the checkpoint's id.</summary>
    public Task<IReadOnlyList<VirtualHardDisk>> ListVirtualHardDisksAsync(CancellationToken cancellationToken) => _disks.ListAsync(cancellationToken);

    /// <summary>
    /// Reads disk files: one call each, two at a time, after one call for the service. A file that cannot be read does not affect
    /// the others.
    /// </summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when the host has no image management service.</exception>
    public Task<IReadOnlyDictionary<string, VirtualHardDiskFile>> ReadVirtualHardDisksAsync(
        IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
        => _disks.ReadFilesAsync(paths, cancellationToken);

    /// <summary>
    /// Invokes <c>Msvm_ReplicationService.InitiateFailback</c>, once. Not idempotent: the caller must record its intent first. When
    /// it throws <see cref="CimException"/> or is cancelled, the call may or may not have taken effect.
    /// </summary>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<FailbackAnswer> InitiateFailbackAsync(FailbackCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _service.InitiateFailbackAsync(call, cancellationToken);
    }

    /// <summary>Lists the replication providers registered on the host: in-box and third-party.</summary>
    public async Task<IReadOnlyList<ReplicationProvider>> ListReplicationProvidersAsync(CancellationToken cancellationToken)
        => [.. (await _session.ListInstancesAsync(HyperVClasses.ReplicationProvider, [], cancellationToken)).Select(ProviderReader.Read)];

    /// <summary>Reads the replication statistics of the machine's primary relationship. Changes nothing.</summary>
    /// <returns>The statistics, or null when the machine is not here or not replicated.</returns>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service.</exception>
    public async Task<ReplicationStatisticsAnswer?> GetReplicationStatisticsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => (await _machines.FindAsync(id, cancellationToken))?.Relationship is { } relationship
            ? await _service.GetStatisticsAsync(relationship, cancellationToken)
            : null;

    /// <summary>
    /// Has the host test the connection to a replica server: <c>Msvm_ReplicationService.TestReplicationConnection</c>. Changes
    /// nothing. If the answer contains a job, the job's end gives the result.
    /// </summary>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service.</exception>
    public Task<ServiceAnswer> TestReplicationConnectionAsync(ReplicaConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfLessThan(connection.Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(connection.Port, ushort.MaxValue);
        return _service.TestConnectionAsync(connection, cancellationToken);
    }

    /// <summary>Reads a job of the class that the path names.</summary>
    /// <returns>The job, or null when the host no longer has it: finished jobs are kept for five minutes, and none survives a restart of the management service.</returns>
    public Task<ConcreteJob?> GetJobAsync(CimObjectPath path, CancellationToken cancellationToken) => _jobs.GetAsync(path, cancellationToken);

    /// <summary>Reads all errors of a finished job; empty when there are none or the job is gone.</summary>
    public Task<IReadOnlyList<JobError>> GetJobErrorsAsync(CimObjectPath path, CancellationToken cancellationToken)
        => _jobs.GetErrorsAsync(path, cancellationToken);

    /// <summary>Lists the jobs that affect a machine, oldest first. Finished jobs are included while the host keeps them.</summary>
    public Task<IReadOnlyList<ConcreteJob>> ListJobsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => _jobs.ListAsync(VirtualMachineReader.PathOf(id), cancellationToken);

    /// <summary>
    /// Lists all jobs of class <c>Msvm_ConcreteJob</c> or below in one call, finished ones included. A job of another class, or a
    /// malformed one, is missing: absence from the list proves nothing; use <see cref="GetJobAsync"/>.
    /// </summary>
    public Task<IReadOnlyList<ConcreteJob>> ListJobsAsync(CancellationToken cancellationToken) => _jobs.ListAsync(cancellationToken);

    /// <summary>
    /// Requests termination of a job. A failback terminated during data synchronisation can leave disks that must not be booted. The
    /// answer does not mean the job has ended: keep reading the job.
    /// </summary>
    public Task<JobStateChangeAnswer> RequestJobTerminationAsync(CimObjectPath path, CancellationToken cancellationToken)
        => _jobs.TerminateAsync(path, cancellationToken);

    /// <summary>
    /// Watches all jobs of the host with one subscription until cancelled. Events are hints to read sooner: changes within
    /// <paramref name="within"/> are merged and any event may be lost, so decide only on what you read.
    /// </summary>
    /// <param name="within">The host's polling interval; more than zero.</param>
    /// <param name="cancellationToken">Stops the watch.</param>
    public IAsyncEnumerable<JobEvent> WatchJobsAsync(TimeSpan within, CancellationToken cancellationToken) => _jobs.WatchAsync(within, cancellationToken);

    /// <summary>
    /// Runs every readiness check that this host can do alone, changing nothing. At most eleven calls, plus one per replicated disk. With
    /// the in-box provider four more, which test the connection to the primary side and read the replica server settings, and two if it uses
    /// certificates. Where the optional namespaces are used, Windows' own namespace gets one call for a machine with disks, and
    /// the cluster's two or three. An optional namespace that does not answer fails no check.
    /// </summary>
    /// <param name="id">The recovery machine.</param>
    /// <param name="recoveryPoint">The recovery point to use.</param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    public async Task<ReadinessReport> CheckReadinessAsync(
        VirtualMachineId id, RecoveryPointSelector recoveryPoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recoveryPoint);
        var facts = await _readiness.ReadAsync(id, cancellationToken);
        return new ReadinessChecks(Rules, _time.GetUtcNow()).Make(facts, recoveryPoint);
    }

    /// <summary>
    /// Reads what this host, the recovery side or home, tells about itself and one machine before the machine returns between two hosts: the input of
    /// <see cref="HomeReadinessChecks"/>. Changes nothing; the host tests the connection to the other side. What the host does not offer is named in the facts.
    /// </summary>
    /// <param name="id">The machine. A host that does not have it tells about itself only.</param>
    /// <param name="toPeer">How this host reaches the other side; null for what the machine's replication settings say.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<HomeFacts> ReadHomeFactsAsync(VirtualMachineId id, ReplicaConnection? toPeer, CancellationToken cancellationToken)
        => _home.ReadAsync(id, toPeer, cancellationToken);
}
