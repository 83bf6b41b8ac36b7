using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.World;

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
