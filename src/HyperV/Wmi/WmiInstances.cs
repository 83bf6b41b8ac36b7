using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;
using CimType = HostAgent.HyperV.Cim.CimType;

namespace HostAgent.HyperV.Wmi;

/// <summary>Copies WMI objects into instances, so that no COM object outlives a call.</summary>
[SupportedOSPlatform("windows")]
internal static class WmiInstances
{
    public static CimInstance Copy(ManagementBaseObject source)
    {
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in source.Properties)
        {
            properties[property.Name] = ValueOf(property);
        }

        var className = (string)source["__CLASS"];
        return new CimInstance(PathOf(source), className, properties);
    }

    public static Dictionary<string, object?> CopyOutputs(ManagementBaseObject? outputs)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (outputs is not null)
        {
            foreach (var property in outputs.Properties)
            {
                values[property.Name] = ValueOf(property);
            }
        }

        return values;
    }

    // Each look at a property fetches its value anew. An embedded object shows its type itself: fetched twice, one of the two would be left
    // to the garbage collector.
    private static object? ValueOf(PropertyData property)
    {
        var value = property.Value;
        return WmiValues.FromWmi(value is ManagementBaseObject or ManagementBaseObject[]? CimType.Object : TypeOf(property), value, Embedded);
    }

    private static CimType? TypeOf(PropertyData property)
        => property.Type is var type && Enum.IsDefined((CimType)type) ? (CimType)type : null;

    private static CimInstance? Embedded(object value)
    {
        if (value is not ManagementBaseObject source)
        {
            return null;
        }

        using var embedded = WmiObjects.HoldWrapped(source);
        return Copy(embedded.Item);
    }

    // An object embedded in an event or a result may have no path.
    private static CimObjectPath? PathOf(ManagementBaseObject source)
    {
        try
        {
            return source["__PATH"] is string { Length: > 0 } text ? CimObjectPath.Parse(text) : null;
        }
        catch (ManagementException exception) when (exception.ErrorCode is ManagementStatus.NotFound)
        {
            return null;
        }
    }
}
