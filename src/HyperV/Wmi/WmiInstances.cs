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
            properties[property.Name] = WmiValues.FromWmi(TypeOf(property), property.Value, Embedded);
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
                values[property.Name] = WmiValues.FromWmi(TypeOf(property), property.Value, Embedded);
            }
        }

        return values;
    }

    private static CimType? TypeOf(PropertyData property)
        => Enum.IsDefined((CimType)property.Type) ? (CimType)property.Type : null;

    private static CimInstance? Embedded(object value)
    {
        if (value is not ManagementBaseObject source)
        {
            return null;
        }

        using (source)
        {
            return Copy(source);
        }
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
