using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failover;

/// <summary>How the first copy of a machine's disks reaches the other side (<c>StartReplication.InitialReplicationType</c>).</summary>
public enum InitialReplicationType
{
    /// <summary>Everything is sent over the network.</summary>
    Network = 1,

    /// <summary>Everything is written to a folder, to be taken there.</summary>
    Export = 2,

    /// <summary>The other side has a copy of the disks: both are compared, and what differs is sent.</summary>
    Seeded = 3,
}

/// <summary>What a host does with a machine when it starts (<c>AutomaticStartupAction</c>).</summary>
public enum StartupAction
{
    /// <summary>Nothing.</summary>
    None = 2,

    /// <summary>Starts it if it was running when the host went down.</summary>
    RestartIfRunning = 3,

    /// <summary>Starts it always.</summary>
    Always = 4,
}

/// <summary>What a host does with a machine when it starts itself.</summary>
/// <param name="Action">What (<c>AutomaticStartupAction</c>); an unnamed number as it is.</param>
/// <param name="Delay">How long it waits before that (<c>AutomaticStartupActionDelay</c>, an interval [doc]); zero when the settings do not say.</param>
public sealed record MachineStartup(StartupAction Action, TimeSpan Delay);

/// <summary>
/// The calls that move a machine between two hosts with the in-box provider, each made once. None is idempotent: the caller records its intent
/// first. A call that throws <see cref="CimException"/> or is cancelled may or may not have taken effect. Return code 0 means done, 4096 that
/// the job's end tells; for a shutdown 0 means only that the guest was asked. A replication state that was requested shows at once, while
/// its job is still running.
/// </summary>
public sealed class FailoverCalls
{
    private const string ShutdownComponent = "Msvm_ShutdownComponent";
    private const string SystemDevice = "Msvm_SystemDevice";
    private const string StartupActionProperty = "AutomaticStartupAction";
    private const string StartupDelayProperty = "AutomaticStartupActionDelay";

    private readonly ICimSession _session;
    private readonly ReplicationServiceCaller _service;
    private readonly SystemManagement _management;

    /// <summary>Calls one host.</summary>
    /// <param name="session">Hyper-V's namespace; its owner disposes it.</param>
    public FailoverCalls(ICimSession session)
    {
        _session = session;
        _service = new ReplicationServiceCaller(session);
        _management = new SystemManagement(session);
    }

    /// <summary>
    /// <c>Msvm_ComputerSystem.RequestReplicationStateChangeEx</c> on the primary relationship: 2 makes a stopped primary a replica, 3 resumes, 4 prepares a
    /// stopped primary for a planned failover, 7 suspends, 9 cancels a resynchronization.
    /// </summary>
    /// <param name="id">The machine.</param>
    /// <param name="state">The state to request.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    public Task<ServiceAnswer> RequestReplicationStateAsync(VirtualMachineId id, ReplicationState state, CancellationToken cancellationToken)
        => InvokeAsync(VirtualMachineReader.PathOf(id), "RequestReplicationStateChangeEx", new() { ["ReplicationRelationship"] = null, ["RequestedState"] = (ushort)state }, cancellationToken);

    /// <summary><c>Msvm_ReplicationService.ReverseReplicationRelationship</c>: this side becomes the primary of the other.</summary>
    /// <param name="id">The machine; failed over here.</param>
    /// <param name="settings">This side's complete <c>Msvm_ReplicationSettingData</c> as embedded text, with the other side's connection point and port.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> ReverseReplicationAsync(VirtualMachineId id, string settings, CancellationToken cancellationToken)
        => _service.CallAsync("ReverseReplicationRelationship", id, new() { ["ReplicationSettingData"] = settings }, cancellationToken);

    /// <summary><c>Msvm_ReplicationService.CreateReplicationRelationship</c>, for a machine that is not replicated.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="settings">A <c>Msvm_ReplicationSettingData</c> as embedded text.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> CreateRelationshipAsync(VirtualMachineId id, string settings, CancellationToken cancellationToken)
        => _service.CallAsync("CreateReplicationRelationship", id, new() { ["ReplicationSettingData"] = settings }, cancellationToken);

    /// <summary><c>Msvm_ReplicationService.RemoveReplicationRelationshipEx</c>.</summary>
    /// <param name="relationship">The relationship; the extended one goes before the primary one.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> RemoveRelationshipAsync(ReplicationInstanceId relationship, CancellationToken cancellationToken)
    {
        var embedded = new CimInstance(path: null, HyperVClasses.ReplicationRelationship, [new("InstanceID", relationship.ToString())]);
        return _service.CallAsync(
            "RemoveReplicationRelationshipEx", relationship.VirtualMachine, new() { ["ReplicationRelationship"] = CimXmlText.Write(embedded) }, cancellationToken);
    }

    /// <summary><c>Msvm_ReplicationService.StartReplication</c>, at once. The job that is answered only starts the copy; another one is the copy.</summary>
    /// <param name="id">The machine; a primary that is ready.</param>
    /// <param name="type">How the first copy gets there.</param>
    /// <param name="exportFolder">For <see cref="InitialReplicationType.Export"/>, an absolute path on the host; null otherwise.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ArgumentException">A folder is missing for an export, or given for another type.</exception>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> StartReplicationAsync(VirtualMachineId id, InitialReplicationType type, string? exportFolder, CancellationToken cancellationToken)
    {
        if (type == InitialReplicationType.Export == string.IsNullOrEmpty(exportFolder))
        {
            throw new ArgumentException($"A folder is given for {nameof(InitialReplicationType.Export)} and for nothing else; the type is {type}.", nameof(exportFolder));
        }

        return _service.CallAsync(
            "StartReplication",
            id,
            new() { ["InitialReplicationType"] = (ushort)type, ["InitialReplicationExportLocation"] = exportFolder, ["StartTime"] = null },
            cancellationToken);
    }

    /// <summary><c>Msvm_ReplicationService.ModifyReplicationSettings</c>; a primary's settings only.</summary>
    /// <param name="id">The machine; a primary.</param>
    /// <param name="settings">Its complete <c>Msvm_ReplicationSettingData</c> as embedded text, with the values to set.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> ModifySettingsAsync(VirtualMachineId id, string settings, CancellationToken cancellationToken)
        => _service.CallAsync("ModifyReplicationSettings", id, new() { ["ReplicationSettingData"] = settings }, cancellationToken);

    /// <summary><c>Msvm_ReplicationService.TestReplicaSystem</c>: makes a second machine from a recovery point of a replica, off and disconnected.</summary>
    /// <param name="id">The replica; off.</param>
    /// <param name="point">The recovery point; null for the latest.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> TestFailoverAsync(VirtualMachineId id, CimObjectPath? point, CancellationToken cancellationToken)
        => _service.CallAsync("TestReplicaSystem", id, new() { ["SnapshotSettingData"] = point }, cancellationToken);

    /// <summary>
    /// <c>Msvm_VirtualSystemManagementService.DestroySystem</c>: removes a machine. It asks nothing: the caller makes sure that it is a test
    /// failover's machine, because the replica itself would go as easily.
    /// </summary>
    /// <param name="id">The machine; off.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when the host has no such service.</exception>
    public async Task<ServiceAnswer> DestroyMachineAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var service = await _management.RequireServiceAsync(cancellationToken);
        return await InvokeAsync(service, "DestroySystem", new() { ["AffectedSystem"] = VirtualMachineReader.PathOf(id, service.Namespace ?? _session.Namespace, service.Server) }, cancellationToken);
    }

    /// <summary><c>Msvm_ReplicationService.Resynchronize</c>, at once: both sides' disks are compared, and this side's content is sent.</summary>
    /// <param name="id">The machine; a primary.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> ResynchronizeAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => _service.CallAsync("Resynchronize", id, new() { ["StartTime"] = null }, cancellationToken);

    /// <summary><c>Msvm_ReplicationService.InitiateFailover</c> on a replica.</summary>
    /// <param name="id">The machine; off.</param>
    /// <param name="point">The recovery point; null for the latest, which after a prepare is that of the planned failover.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> InitiateFailoverAsync(VirtualMachineId id, CimObjectPath? point, CancellationToken cancellationToken)
        => _service.CallAsync("InitiateFailover", id, new() { ["SnapshotSettingData"] = point }, cancellationToken);

    /// <summary>
    /// <c>Msvm_ReplicationService.RevertFailover</c>: undoes a failover, or on a prepared primary the preparation. A host may turn a running machine
    /// off for it, so the caller makes sure that it is off.
    /// </summary>
    /// <param name="id">The machine; off.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> RevertFailoverAsync(VirtualMachineId id, CancellationToken cancellationToken) => _service.CallAsync("RevertFailover", id, [], cancellationToken);

    /// <summary><c>Msvm_ReplicationService.CommitFailover</c>: the recovery points go, and the failover can no longer be undone.</summary>
    /// <param name="id">The machine; failed over.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public Task<ServiceAnswer> CommitFailoverAsync(VirtualMachineId id, CancellationToken cancellationToken) => _service.CallAsync("CommitFailover", id, [], cancellationToken);

    /// <summary><c>Msvm_ComputerSystem.RequestStateChange</c> 2: starts a machine.</summary>
    /// <param name="id">The machine; off.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    public Task<ServiceAnswer> StartMachineAsync(VirtualMachineId id, CancellationToken cancellationToken) => RequestPowerAsync(id, 2, cancellationToken);

    /// <summary><c>Msvm_ComputerSystem.RequestStateChange</c> 3: turns a machine off hard, or drops the memory image of a saved one.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    public Task<ServiceAnswer> TurnOffAsync(VirtualMachineId id, CancellationToken cancellationToken) => RequestPowerAsync(id, 3, cancellationToken);

    /// <summary><c>Msvm_ShutdownComponent.InitiateShutdown</c>: asks the guest to shut down.</summary>
    /// <param name="id">The machine; running.</param>
    /// <param name="force">Whether programs in the guest that hold it up are ended.</param>
    /// <param name="reason">What the guest's event log shows.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the machine has no shutdown component: it is not running, or its guest has no integration services. No call was made.</returns>
    public async Task<ServiceAnswer?> ShutDownGuestAsync(VirtualMachineId id, bool force, string reason, CancellationToken cancellationToken)
        => await _session.ListAssociatorsAsync(VirtualMachineReader.PathOf(id), SystemDevice, ShutdownComponent, cancellationToken) is [{ Path: { } component }, ..]
            ? await InvokeAsync(component, "InitiateShutdown", new() { ["Force"] = force, ["Reason"] = reason }, cancellationToken)
            : null;

    /// <summary>Reads what the host does with a machine when it starts.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="cancellationToken">Gives the answer up.</param>
    /// <returns>The action, an unnamed number as it is; null when the host does not have the machine.</returns>
    /// <exception cref="CimDataException">The settings do not have it.</exception>
    public async Task<StartupAction?> ReadStartupActionAsync(VirtualMachineId id, CancellationToken cancellationToken) => (await ReadStartupAsync(id, cancellationToken))?.Action;

    /// <summary>Reads what the host does with a machine when it starts, and how long it waits with it.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="cancellationToken">Gives the answer up.</param>
    /// <returns>The action, an unnamed number as it is, and the delay; null when the host does not have the machine.</returns>
    /// <exception cref="CimDataException">The settings do not have an action.</exception>
    public async Task<MachineStartup?> ReadStartupAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => await _management.FindSettingsAsync(id, cancellationToken) is { } settings ? StartupOf(settings) : null;

    /// <summary><c>Msvm_VirtualSystemManagementService.ModifySystemSettings</c>: sets what the host does with a machine when it starts, and nothing else.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="action">The action.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the host does not have the machine. No call was made.</returns>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when the host has no such service.</exception>
    public Task<ServiceAnswer?> SetStartupActionAsync(VirtualMachineId id, StartupAction action, CancellationToken cancellationToken)
        => ModifySystemAsync(id, StartupActionProperty, _ => (ushort)action, cancellationToken);

    /// <summary>
    /// <c>ModifySystemSettings</c>: makes the host wait at least so long before it starts a machine with itself. A longer wait stays. The property is documented as
    /// read-only; that the method takes it, as an interval of type datetime, is seen in public code [code].
    /// </summary>
    /// <param name="id">The machine.</param>
    /// <param name="delay">The shortest wait.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the host does not have the machine. No call was made.</returns>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when the host has no such service.</exception>
    public Task<ServiceAnswer?> SetStartupDelayAsync(VirtualMachineId id, TimeSpan delay, CancellationToken cancellationToken)
        => ModifySystemAsync(id, StartupDelayProperty, settings => StartupOf(settings).Delay is var own && own > delay ? own : delay, cancellationToken);

    /// <summary>Reads a machine's own settings.</summary>
    internal static MachineStartup StartupOf(CimInstance settings) => new(
        (StartupAction)(settings.GetInteger(StartupActionProperty) ?? throw new CimDataException(settings.ClassName, StartupActionProperty, "it is missing")),
        settings.GetInterval(StartupDelayProperty) ?? TimeSpan.Zero);

    private async Task<ServiceAnswer?> ModifySystemAsync(VirtualMachineId id, string property, Func<CimInstance, object> value, CancellationToken cancellationToken)
    {
        if (await _management.FindSettingsAsync(id, cancellationToken) is not { } settings)
        {
            return null;
        }

        var service = await _management.RequireServiceAsync(cancellationToken);
        // The complete instance, as Hyper-V's own clients send it: a property that is left out may be taken for one that is to be cleared.
        var properties = settings.Properties.ToDictionary(one => one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
        properties[property] = value(settings);
        return await InvokeAsync(service, "ModifySystemSettings", new() { ["SystemSettings"] = CimXmlText.Write(new CimInstance(path: null, settings.ClassName, properties)) }, cancellationToken);
    }

    private Task<ServiceAnswer> RequestPowerAsync(VirtualMachineId id, ushort state, CancellationToken cancellationToken)
        => InvokeAsync(VirtualMachineReader.PathOf(id), "RequestStateChange", new() { ["RequestedState"] = state }, cancellationToken);

    private Task<ServiceAnswer> InvokeAsync(CimObjectPath target, string method, Dictionary<string, object?> inputs, CancellationToken cancellationToken)
        => ReplicationServiceCaller.InvokeAsync(_session, target, method, inputs, cancellationToken);
}
