using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Machines;

/// <summary>Reads machines with their relationships and settings: three calls, for one machine or for all.</summary>
internal sealed class VirtualMachineReader(ICimSession session)
{
    /// <summary>A path without server and namespace means those of the session.</summary>
    public static CimObjectPath PathOf(VirtualMachineId id, string? namespaceName = null, string? server = null) => new(
        HyperVClasses.ComputerSystem,
        [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", id.ToString())],
        namespaceName,
        server);

    public async Task<IReadOnlyList<VirtualMachine>> ListAsync(CancellationToken cancellationToken)
    {
        var systems = await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], cancellationToken);
        if (systems.Count == 0)
        {
            // The host itself is always one of the rows. WMI answers with no rows at all when the caller is not elevated.
            throw new CimException(
                CimErrorCode.AccessDenied,
                $"WMI returned no {HyperVClasses.ComputerSystem} instances, not even the host itself: the account is not in Hyper-V Administrators, or UAC filters its token.");
        }

        var relationships = await session.ListInstancesAsync(HyperVClasses.ReplicationRelationship, [], cancellationToken);
        var settings = await session.ListInstancesAsync(HyperVClasses.ReplicationSettingData, [], cancellationToken);
        var replication = new ReplicationIndex(relationships, settings);
        return [.. systems.Select(s => Read(s, replication)).OfType<VirtualMachine>()
            .OrderBy(m => m.Name, StringComparer.OrdinalIgnoreCase).ThenBy(m => m.Id.Value)];
    }

    public async Task<VirtualMachine?> FindAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var system = await session.GetInstanceAsync(PathOf(id), cancellationToken);
        if (system is null)
        {
            return null;
        }

        var path = system.Path ?? PathOf(id);
        try
        {
            var relationships = await session.ListAssociatorsAsync(
                path, HyperVClasses.SystemReplicationRelationship, HyperVClasses.ReplicationRelationship, cancellationToken);
            var settings = await session.ListAssociatorsAsync(
                path, HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, cancellationToken);
            return Read(system, new ReplicationIndex(relationships, settings));
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            // Deleted or moved to another node between the calls.
            return null;
        }
    }

    // The host itself is an instance of the same class; in every language of Windows only a machine's Name is a GUID.
    private static VirtualMachine? Read(CimInstance system, ReplicationIndex replication)
    {
        if (!VirtualMachineId.TryParse(system.GetString("Name"), out var id))
        {
            return null;
        }

        var status = StatusOf(system);
        return new VirtualMachine
        {
            Id = id,
            Name = system.GetString("ElementName") ?? id.ToString(),
            Path = system.Path ?? PathOf(id),
            EnabledState = (EnabledState)(system.GetInteger("EnabledState") ?? 0),
            OperationalStatus = status.Length > 0 ? (OperationalStatus)status[0] : null,
            OperationInProgress = status.Length > 1 ? (OperationalStatus)status[1] : null,
            HealthState = (int?)system.GetInteger("HealthState"),
            PowerSince = system.GetDateTime("TimeOfLastStateChange"),
            OnTime = system.GetInteger("OnTimeInMilliseconds") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            ReplicationMode = (ReplicationMode)(system.GetInteger("ReplicationMode") ?? 0),
            Relationship = replication.Relationship(new(id, IsExtended: false)),
            ExtendedRelationship = replication.Relationship(new(id, IsExtended: true)),
            ReplicationSettings = replication.Settings(new(id, IsExtended: false)),
        };
    }

    private static ushort[] StatusOf(CimInstance system) => system["OperationalStatus"] switch
    {
        null => [],
        ushort[] status => status,
        var other => throw new CimDataException(system.ClassName, "OperationalStatus", $"it is a {other.GetType().Name}, expected an array of uint16"),
    };

    private sealed class ReplicationIndex
    {
        private readonly Dictionary<ReplicationInstanceId, ReplicationRelationship> _relationships = [];
        private readonly Dictionary<ReplicationInstanceId, ReplicationSettingData> _settings = [];

        public ReplicationIndex(IReadOnlyList<CimInstance> relationships, IReadOnlyList<CimInstance> settings)
        {
            foreach (var relationship in relationships.Select(RelationshipReader.Read).OfType<ReplicationRelationship>())
            {
                _relationships.TryAdd(relationship.InstanceId, relationship);
            }

            foreach (var instance in settings)
            {
                if (ReplicationInstanceId.TryParse(instance.GetString("InstanceID"), out var id))
                {
                    _settings.TryAdd(id, new ReplicationSettingData(instance));
                }
            }
        }

        public ReplicationRelationship? Relationship(ReplicationInstanceId id) => _relationships.GetValueOrDefault(id);

        public ReplicationSettingData? Settings(ReplicationInstanceId id) => _settings.GetValueOrDefault(id);
    }
}
