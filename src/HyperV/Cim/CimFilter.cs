namespace HostAgent.HyperV.Cim;

/// <summary>One equality condition of a listing: structured, so that escaping happens in one place only.</summary>
/// <param name="Property">Name of the property compared; with a dot, that of an embedded instance: <c>PrivateProperties.VmID</c>.</param>
/// <param name="Value">A string, number or boolean.</param>
public sealed record CimFilter(string Property, object Value)
{
    /// <summary>The value that an instance has for the property; null when it has none.</summary>
    public object? ValueIn(CimInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        object? value = instance;
        foreach (var name in Property.Split('.'))
        {
            value = (value as CimInstance)?[name];
        }

        return value;
    }
}
