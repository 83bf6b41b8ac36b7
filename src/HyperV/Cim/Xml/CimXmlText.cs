using System.Xml;

namespace HostAgent.HyperV.Cim.Xml;

/// <summary>
/// Embedded instances as CIM-XML text, the form in which Hyper-V's methods take and return them in strings. Reads both of the
/// flavours that Windows writes (CIM DTD 2.0 and WMI DTD 2.0) and writes the part common to both.
/// </summary>
public static class CimXmlText
{
    /// <summary>The longest text read, in characters.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>The deepest nesting of elements read. Settings need 4, an instance embedded in an array 8.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// Reads one instance. System properties (<c>__PATH</c>, …) and qualifiers are left out; a property without a value reads as
    /// null, an empty one as an empty string or array. A DTD, an entity, too long or too deep a text is refused.
    /// </summary>
    /// <exception cref="CimXmlException">The text is not an instance.</exception>
    public static CimInstance Read(string text) => new CimXmlReader(text).Read();

    /// <summary>Whether XML 1.0 has every character of a text: no control but tab and line ends, no U+FFFE or U+FFFF, no half of a surrogate pair.</summary>
    public static bool CanCarry(string text) => FirstNotCarried(text) < 0;

    /// <summary>Writes an instance, its properties in their own order; the path is not part of the text.</summary>
    /// <param name="instance">The instance. Datetimes lose what is finer than a microsecond.</param>
    /// <param name="declaration">
    /// The class, when it is known: gives a property that is null its type, which the text must state. A null property that is not
    /// declared is left out, which means the same.
    /// </param>
    /// <exception cref="CimXmlException">A value cannot be written: its type is unknown to CIM or declared otherwise, or it holds a character that XML lacks.</exception>
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

/// <summary>The kinds of error in embedded instance text.</summary>
public enum CimXmlProblem
{
    /// <summary>The text is not XML, or not the XML of an instance.</summary>
    Malformed,

    /// <summary>The text is longer or deeper than allowed, or asks for a DTD or an entity.</summary>
    Refused,

    /// <summary>The value of a property does not have the type that goes with it.</summary>
    WrongType,
}
