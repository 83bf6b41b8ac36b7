using System.Text.Json.Serialization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// The changes to a virtual machine at one moment; null means no change. Kept in the state file with the plan of the job
/// that causes them.
/// </summary>
internal sealed record MachineChange
{
    public ReplicationState? ReplicationState { get; init; }

    public ReplicationMode? Mode { get; init; }

    /// <summary>The kind of point the machine was failed over to.</summary>
    public ReplicationType? FailedOver { get; init; }

    public EnabledState? Power { get; init; }

    /// <summary>Whether it has an extended replica.</summary>
    public bool? Extended { get; init; }

    public string? Name { get; init; }

    /// <summary>Whether this host has the machine: false once it has moved to another node or was deleted.</summary>
    public bool? IsHere { get; init; }

    public bool RemovesRecoveryPoints { get; init; }

    /// <summary>Replication settings that a client changed.</summary>
    public SettingsChange? Settings { get; init; }

    /// <summary>The state of the extended relationship.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>The failover network adapter settings, one embedded instance each.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>A job to schedule; it replaces an already scheduled one.</summary>
    public ScheduledWork? Schedules { get; init; }

    /// <summary>A scheduled job that is due.</summary>
    public ScheduledWork? Begins { get; init; }

    /// <summary>The name of the authorization entry that the machine is bound to.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>The writes that its disks have from now on.</summary>
    public IReadOnlyList<WriteSpan>? Content { get; init; }

    /// <summary>Whether its disks have parts of two histories.</summary>
    public bool? IsMixed { get; init; }

    /// <summary>The kind of a replication that has just arrived; its time is that of the change.</summary>
    public ReplicationType? Received { get; init; }

    /// <summary>Whether its disks are written to a medium now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Exports { get; init; }

    /// <summary>Whether its replication reaches the other side.</summary>
    public bool? Flows { get; init; }

    /// <summary>What the host does with it when it starts: 2 nothing, 3 restart if it ran, 4 start.</summary>
    public int? StartupAction { get; init; }

    /// <summary>The adapter whose connection changes, by its place.</summary>
    public AdapterChange? Adapter { get; init; }

    /// <summary>Whether its replication statistics are reset.</summary>
    public bool ResetsStatistics { get; init; }

    /// <summary>The identifier of a new test failover machine.</summary>
    public Guid? TestReplica { get; init; }

    public bool RemovesTestReplica { get; init; }

    /// <summary>The type of another job that starts, unless one is already running.</summary>
    public JobType? OtherJob { get; init; }

    /// <summary>How long that job runs, in seconds of host time; null for forever.</summary>
    public double? OtherJobSeconds { get; init; }

    /// <summary>Delay of <see cref="Next"/> in seconds of host time.</summary>
    public double NextAfterSeconds { get; init; }

    /// <summary>A change that follows automatically.</summary>
    public MachineChange? Next { get; init; }
}

/// <summary>A changed connection of a network adapter.</summary>
/// <param name="Index">The adapter's place in the machine's description.</param>
/// <param name="Switch">The switch; null when it is disconnected.</param>
internal sealed record AdapterChange(int Index, string? Switch);

/// <summary>A client's changes to a relationship's replication settings.</summary>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="Text">An embedded Msvm_ReplicationSettingData with only the changed properties.</param>
internal sealed record SettingsChange(int Relationship, string Text);

/// <summary>
/// Clients' changes to a machine's replication settings, by relationship. Everything else is as in the machine's
/// description.
/// </summary>
internal sealed class ChangedSettings
{
    public const int PrimaryRelationship = 0;
    public const int ExtendedRelationship = 1;

    private readonly SortedDictionary<int, CimInstance> _changed = [];

    /// <summary>The changed properties of a relationship's settings by name; empty when nothing was changed.</summary>
    public IReadOnlyDictionary<string, object?> Of(int relationship)
        => _changed.TryGetValue(relationship, out var changed) ? changed.Properties : System.Collections.Immutable.ImmutableDictionary<string, object?>.Empty;

    /// <summary>A changed integer of the primary relationship's settings, or null.</summary>
    public int? Number(string property) => (int?)(_changed.GetValueOrDefault(PrimaryRelationship)?.GetInteger(property));

    /// <exception cref="StateFileException">The change was read from the state file and is not an embedded instance.</exception>
    public void Apply(SettingsChange change)
    {
        var properties = new Dictionary<string, object?>(Of(change.Relationship), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Read(change.Text).Properties)
        {
            properties[name] = value;
        }

        Keep(change.Relationship, properties);
    }

    /// <summary>Reverses the direction of replication: the settings about the other side no longer apply.</summary>
    public void ReverseDirection()
    {
        var properties = new Dictionary<string, object?>(Of(PrimaryRelationship), StringComparer.OrdinalIgnoreCase);
        if (properties.Remove("RecoveryConnectionPoint"))
        {
            Keep(PrimaryRelationship, properties);
        }
    }

    /// <summary>Drops the settings of a removed relationship.</summary>
    public void Forget(int relationship) => _changed.Remove(relationship);

    /// <summary>All changes; null when there are none.</summary>
    public IReadOnlyList<SettingsChange>? Summarize()
        => _changed.Count == 0 ? null : [.. _changed.Select(changed => new SettingsChange(changed.Key, HostXml.Write(changed.Value)))];

    /// <summary>Restores a summary.</summary>
    public void Restore(IReadOnlyList<SettingsChange>? changes)
    {
        _changed.Clear();
        foreach (var change in changes ?? [])
        {
            Apply(change);
        }
    }

    private static CimInstance Read(string text)
    {
        try
        {
            return CimXmlText.Read(text);
        }
        catch (CimXmlException exception)
        {
            throw new StateFileException($"it contains replication settings that cannot be read: {exception.Message}", exception);
        }
    }

    private void Keep(int relationship, Dictionary<string, object?> properties)
        => _changed[relationship] = new CimInstance(path: null, ReplicationSettingData.ClassName, properties);
}
