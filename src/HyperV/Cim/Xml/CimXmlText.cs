using System.Xml;

namespace HostAgent.HyperV.Cim.Xml;

/// <summary>
/// Embedded instances as CIM-XML text, the string form that Hyper-V's methods take and return. Reads both flavours that
/// Windows writes (CIM DTD 2.0 and WMI DTD 2.0) and writes their common subset.
/// </summary>
public static class CimXmlText
{
    /// <summary>Maximum length of a text, in characters.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>Maximum nesting depth. Settings need 4, an instance embedded in an array 8.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// Reads one instance. System properties (<c>__PATH</c>, …) and qualifiers are skipped. A property without a value reads as
    /// null, an empty one as an empty string or array. A DTD, an entity, or a text that is too long or too deep is rejected.
    /// </summary>
    /// <exception cref="CimXmlException">The text is not an instance.</exception>
    public static CimInstance Read(string text) => new CimXmlReader(text).Read();

    /// <summary>Whether XML 1.0 can represent every character: no controls except tab and line ends, no U+FFFE or U+FFFF, no unpaired surrogate.</summary>
    public static bool CanCarry(string text) => FirstNotCarried(text) < 0;

    /// <summary>Writes an instance, its properties in their own order. The path is not written.</summary>
    /// <param name="instance">The instance. Datetimes are truncated to microseconds.</param>
    /// <param name="declaration">
    /// The class, if known. It supplies the type of null properties, which the text must state. A null property that is not
    /// declared is omitted, which means the same.
    /// </param>
    /// <exception cref="CimXmlException">A value cannot be written: CIM has no type for it, the class declares another type, or XML cannot represent a character.</exception>
    public static string Write(CimInstance instance, CimClass? declaration = null) => CimXmlWriter.Write(instance, declaration);

    internal static int FirstNotCarried(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogatePair(text, index))
            {
                index++;
            }
            else if (!XmlConvert.IsXmlChar(text[index]))
            {
                return index;
            }
        }

        return -1;
    }
}

/// <summary>A text is not an embedded instance, or an instance cannot be written as one. The message names class, property and value.</summary>
public sealed class CimXmlException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What kind of error it is.</param>
    /// <param name="message">The full sentence, naming class, property and value.</param>
    /// <param name="className">The class, if known by then.</param>
    /// <param name="property">The property at fault, or null.</param>
    /// <param name="innerException">The XML reader's own exception, if any.</param>
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

    /// <summary>The class at fault, or null when it was not read yet.</summary>
    public string? ClassName { get; }

    /// <summary>The property at fault, or null.</summary>
    public string? Property { get; }
}

/// <summary>The kinds of error in embedded instance text.</summary>
public enum CimXmlProblem
{
    /// <summary>The text is not XML, or not the XML of an instance.</summary>
    Malformed,

    /// <summary>The text is too long or too deep, or uses a DTD or an entity.</summary>
    Refused,

    /// <summary>A property's value does not have the property's type.</summary>
    WrongType,
}
