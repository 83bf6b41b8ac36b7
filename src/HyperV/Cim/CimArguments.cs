namespace HostAgent.HyperV.Cim;

/// <summary>Argument validation shared by all sessions, before the host is called.</summary>
public static class CimArguments
{
    /// <summary>Rejects values that cannot be method arguments, such as embedded instances: hosts take those as text only.</summary>
    /// <exception cref="ArgumentException">Names the argument and its type.</exception>
    public static void RequireValues(IReadOnlyDictionary<string, object?> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var (name, value) in inputs)
        {
            if (value is not null && CimValues.TypeOf(value, out _) is null or CimType.Object)
            {
                throw new ArgumentException($"The argument {name} cannot be a {value.GetType().Name}.", nameof(inputs));
            }
        }
    }

    /// <summary>Rejects arguments that a method does not declare.</summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.InvalidParameter"/>; names the method and the argument.</exception>
    public static void RequireDeclared(string className, CimMethod method, IReadOnlyDictionary<string, object?> inputs)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var name in inputs.Keys)
        {
            if (method.FindInput(name) is null)
            {
                throw new CimException(CimErrorCode.InvalidParameter, $"{className}.{method.Name} has no input {name}.");
            }
        }
    }
}
