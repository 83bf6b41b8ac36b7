using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Internal.World;

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
