using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using RecoveryPoint = HostAgent.HyperV.Simulation.World.RecoveryPoint;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>
/// The resolved arguments of one InitiateFailback call. Nothing is checked here, so that the checks can run in any order: a check
/// whose subject could not be resolved passes, and the check for that argument fails.
/// </summary>
internal sealed class FailbackRequest
{
    private FailbackRequest()
    {
    }

    /// <summary>The given path, or null when the argument is missing or not a path.</summary>
    public CimObjectPath? MachinePath { get; private init; }

    /// <summary>The virtual machine at the path.</summary>
    public VirtualMachine? Machine { get; private init; }

    /// <summary>The given settings, or null when they could not be read.</summary>
    public ReplicationSettingData? Settings { get; private init; }

    /// <summary>Why the settings could not be read.</summary>
    public Exception? SettingsProblem { get; private init; }

    /// <summary>The requested recovery point; null for the latest.</summary>
    public string? RecoveryPointId { get; private init; }

    public RecoveryPoint? RecoveryPoint { get; private init; }

    public static FailbackRequest Read(HostWorld world, ObjectModel model, IReadOnlyDictionary<string, object?> inputs)
    {
        var system = inputs.GetValueOrDefault("ComputerSystem");
        var machine = References.Find<VirtualMachine>(world, model, system);
        var pointId = inputs.GetValueOrDefault("RecoveryPointIdentifier") as string;
        pointId = string.IsNullOrEmpty(pointId) ? null : pointId;
        var (settings, problem) = ReadSettings(inputs.GetValueOrDefault("ReplicationSettingData") as string);
        return new FailbackRequest
        {
            MachinePath = References.Path(system),
            Machine = machine,
            Settings = settings,
            SettingsProblem = problem,
            RecoveryPointId = pointId,
            RecoveryPoint = machine?.RecoveryPointsAt(world.NowTime).FirstOrDefault(point => IsNamed(point, pointId)),
        };
    }

    private static (ReplicationSettingData? Settings, Exception? Problem) ReadSettings(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, new FormatException("ReplicationSettingData is missing."));
        }

        try
        {
            return (ReplicationSettingData.Parse(text), null);
        }
        catch (Exception exception) when (exception is CimXmlException or CimDataException)
        {
            return (null, exception);
        }
    }

    // The identifier's format is not published: accept the full InstanceID and the bare GUID of the point.
    private static bool IsNamed(RecoveryPoint point, string? id)
        => string.Equals(point.InstanceId, id, StringComparison.OrdinalIgnoreCase)
            || string.Equals(CimText.Guid(point.Id), id, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Resolves references in a method's arguments: paths, or their text.</summary>
internal static class References
{
    /// <summary>The argument's path, or null when it is missing or not a path.</summary>
    public static CimObjectPath? Path(object? argument)
    {
        if (argument is not string text)
        {
            return argument as CimObjectPath;
        }

        try
        {
            return CimObjectPath.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The object that an argument refers to, or null when there is none or it has another type.</summary>
    public static T? Find<T>(HostWorld world, ObjectModel model, object? argument)
        where T : class
    {
        try
        {
            return Path(argument) is { } path ? model.Resolve(world, path) as T : null;
        }
        catch (CimException)
        {
            // A path into another namespace or class is not what was asked for.
            return null;
        }
    }
}
