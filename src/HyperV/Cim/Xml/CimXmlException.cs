namespace HostAgent.HyperV.Cim.Xml;

/// <summary>A text is not an embedded instance, or an instance cannot be written as one. The message names class, property and value.</summary>
public sealed class CimXmlException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What kind of error it is.</param>
    /// <param name="message">The whole sentence, naming class, property and value.</param>
    /// <param name="className">The class, as far as it was known.</param>
    /// <param name="property">The property, when one is at fault.</param>
    /// <param name="innerException">The XML reader's own exception, where there is one.</param>
    public CimXmlException(
        CimXmlProblem problem, string message, string? className = null, string? property = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Problem = problem;
        ClassName = className;
        Property = property;
    }

    /// <summary>What kind of error it is.</summary>
    public CimXmlProblem Problem { get; }

    /// <summary>The class at fault, or null when the text did not get that far.</summary>
    public string? ClassName { get; }

    /// <summary>The property at fault, or null.</summary>
    public string? Property { get; }
}
