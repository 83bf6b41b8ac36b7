using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// What changes about a virtual machine at one moment; null leaves a thing as it is. Kept in the state file with the plan of the job
/// that brings it about.
/// </summary>
internal sealed record MachineChange
{
    public ReplicationState? ReplicationState { get; init; }

    public ReplicationMode? Mode { get; init; }

    /// <summary>What kind of point the machine failed over to.</summary>
    public ReplicationType? FailedOver { get; init; }

    public EnabledState? Power { get; init; }

    /// <summary>Whether it is replicated further.</summary>
    public bool? Extended { get; init; }

    public string? Name { get; init; }

    /// <summary>Whether this host has the machine: false once it has moved to another node or was deleted.</summary>
    public bool? IsHere { get; init; }

    public bool RemovesRecoveryPoints { get; init; }

    /// <summary>Replication settings that a client changed.</summary>
    public SettingsChange? Settings { get; init; }

    /// <summary>The state of the extended relationship.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>What the guest's network adapters are given after a failover, an embedded instance each.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>A job that is going to begin; it takes the place of one that was going to.</summary>
    public ScheduledWork? Schedules { get; init; }

    /// <summary>A scheduled job whose time has come.</summary>
    public ScheduledWork? Begins { get; init; }

    /// <summary>The authorization entry that the machine is bound to, by its name.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>Whether its replication statistics begin anew.</summary>
    public bool ResetsStatistics { get; init; }

    /// <summary>The identifier of the test failover's machine that appears.</summary>
    public Guid? TestReplica { get; init; }

    public bool RemovesTestReplica { get; init; }

    /// <summary>What another job does that somebody starts, unless one is busy already.</summary>
    public JobType? OtherJob { get; init; }

    /// <summary>How long that job runs, in seconds of host time; null for ever.</summary>
    public double? OtherJobSeconds { get; init; }

    /// <summary>After how many seconds of host time <see cref="Next"/> follows.</summary>
    public double NextAfterSeconds { get; init; }

    /// <summary>A change that follows by itself.</summary>
    public MachineChange? Next { get; init; }
}

/// <summary>Values that a client gave to properties of a relationship's replication settings.</summary>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="Text">An embedded Msvm_ReplicationSettingData that holds these properties and no other.</param>
internal sealed record SettingsChange(int Relationship, string Text);

/// <summary>
/// What clients have changed about a machine's replication settings, relationship by relationship. Whatever is not in here is as
/// the machine's description says.
/// </summary>
internal sealed class ChangedSettings
{
    public const int PrimaryRelationship = 0;
    public const int ExtendedRelationship = 1;

    private readonly SortedDictionary<int, CimInstance> _changed = [];

    /// <summary>The changed properties of a relationship's settings, by name; none when nothing was changed.</summary>
    public IReadOnlyDictionary<string, object?> Of(int relationship)
        => _changed.TryGetValue(relationship, out var changed) ? changed.Properties : System.Collections.Immutable.ImmutableDictionary<string, object?>.Empty;

    /// <summary>A changed whole number of the primary relationship's settings, or null.</summary>
    public int? Number(string property) => (int?)(_changed.GetValueOrDefault(PrimaryRelationship)?.GetInteger(property));

    /// <exception cref="StateFileException">The change was read from the state file and is no embedded instance.</exception>
    public void Apply(SettingsChange change)
    {
        var properties = new Dictionary<string, object?>(Of(change.Relationship), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Read(change.Text).Properties)
        {
            properties[name] = value;
        }

        Keep(change.Relationship, properties);
    }

    /// <summary>The machine's replication changes its direction: what the settings said of the other side holds no more.</summary>
    public void Turn()
    {
        var properties = new Dictionary<string, object?>(Of(PrimaryRelationship), StringComparer.OrdinalIgnoreCase);
        if (properties.Remove("RecoveryConnectionPoint"))
        {
            Keep(PrimaryRelationship, properties);
        }
    }

    /// <summary>A relationship is gone, and its settings with it.</summary>
    public void Forget(int relationship) => _changed.Remove(relationship);

    /// <summary>All changes; null when there are none.</summary>
    public IReadOnlyList<SettingsChange>? Summarize()
        => _changed.Count == 0 ? null : [.. _changed.Select(changed => new SettingsChange(changed.Key, HostXml.Write(changed.Value)))];

    /// <summary>Takes over what was summarized.</summary>
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
            throw new StateFileException($"it holds replication settings that cannot be read: {exception.Message}", exception);
        }
    }

    private void Keep(int relationship, Dictionary<string, object?> properties)
        => _changed[relationship] = new CimInstance(path: null, ReplicationSettingData.ClassName, properties);
}
