using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>One property of a served object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type, of the elements for an array.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="Value">Its value as <see cref="CimInstance"/> has it, or null.</param>
internal sealed record ServedProperty(string Name, CimType Type, bool IsArray, object? Value)
{
    /// <summary>A property that declares itself by its value. What is null has no type that anybody could see, so it is a string.</summary>
    public static ServedProperty Of(string name, object? value)
    {
        if (value is null)
        {
            return new ServedProperty(name, CimType.String, IsArray: false, null);
        }

        var type = CimValues.TypeOf(value, out var isArray)
            ?? throw new InvalidOperationException($"{name} is a {value.GetType()}, which CIM does not have.");
        return new ServedProperty(name, type, isArray, value);
    }
}
