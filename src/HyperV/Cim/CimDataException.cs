namespace HostAgent.HyperV.Cim;

/// <summary>An instance holds something else than its class should. The message names class, property and what was expected.</summary>
public sealed class CimDataException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="className">The class.</param>
    /// <param name="property">The property; null when the instance as a whole is at fault.</param>
    /// <param name="why">What is wrong, as a clause.</param>
    public CimDataException(string className, string? property, string why)
        : base($"{className}{(property is null ? "" : "." + property)} cannot be used: {why}.")
    {
        ClassName = className;
        Property = property;
    }

    /// <summary>The class.</summary>
    public string ClassName { get; }

    /// <summary>The property; null when the instance as a whole is at fault.</summary>
    public string? Property { get; }
}
