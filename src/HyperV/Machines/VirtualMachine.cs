using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Machines;

/// <summary>A snapshot of a virtual machine of the host.</summary>
public sealed record VirtualMachine
{
    /// <summary>The machine's GUID, its only unique identifier.</summary>
    public required VirtualMachineId Id { get; init; }

    /// <summary>The display name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>The machine's path in the namespace.</summary>
    public required CimObjectPath Path { get; init; }

    /// <summary>Power state: running, off, saved, ….</summary>
    public required EnabledState EnabledState { get; init; }

    /// <summary>Element 0 of the operational status; null when the host does not report it.</summary>
    public OperationalStatus? OperationalStatus { get; init; }

    /// <summary>Element 1 of the operational status: the work in progress; null when there is none.</summary>
    public OperationalStatus? OperationInProgress { get; init; }

    /// <summary>5 good, 20 major failure, 25 critical failure; null when the host does not report it.</summary>
    public int? HealthState { get; init; }

    /// <summary>Since when it has been in its power state (<c>TimeOfLastStateChange</c>); null when the host does not report it.</summary>
    public DateTimeOffset? PowerSince { get; init; }

    /// <summary>For how long it has been running (<c>OnTimeInMilliseconds</c>); null when the host does not report it.</summary>
    public TimeSpan? OnTime { get; init; }

    /// <summary>Its replication role.</summary>
    public required ReplicationMode ReplicationMode { get; init; }

    /// <summary>The primary relationship (<c>\0</c>); null when the machine is not replicated.</summary>
    public ReplicationRelationship? Relationship { get; init; }

    /// <summary>The extended relationship (<c>\1</c>); null when there is none.</summary>
    public ReplicationRelationship? ExtendedRelationship { get; init; }

    /// <summary>The settings of the primary relationship; null when the machine is not replicated.</summary>
    public ReplicationSettingData? ReplicationSettings { get; init; }

    /// <summary>The state of the primary relationship; <see cref="ReplicationState.Disabled"/> without one.</summary>
    public ReplicationState ReplicationState => Relationship?.State ?? ReplicationState.Disabled;

    /// <summary>The health of the primary relationship; <see cref="ReplicationHealth.NotApplicable"/> without one.</summary>
    public ReplicationHealth ReplicationHealth => Relationship?.Health ?? ReplicationHealth.NotApplicable;

    /// <summary>
    /// Whether the host accepts a new request for the machine: element 0 of its operational status decides, and busy means no. An
    /// unknown status does not forbid it.
    /// </summary>
    public bool AcceptsRequests => OperationalStatus is not VirtualMachines.OperationalStatus.InService;

    /// <summary>Whether a new request would interrupt work in progress: element 1 is set while element 0 is OK.</summary>
    public bool HasInterruptibleWork => OperationalStatus is VirtualMachines.OperationalStatus.Ok && OperationInProgress is not null;

    /// <summary>Whether the machine has a saved state: off, but not shut down.</summary>
    public bool HasSavedState => EnabledState
        is EnabledState.Saved or EnabledState.Saving or EnabledState.FastSaved or EnabledState.FastSaving or EnabledState.Hibernated;
}
