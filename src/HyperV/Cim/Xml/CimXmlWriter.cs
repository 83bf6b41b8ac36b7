using System.Collections;
using System.Globalization;
using System.Text;
using System.Xml;

namespace HostAgent.HyperV.Cim.Xml;

/// <summary>Writes one instance. A value that would not survive a round trip is rejected.</summary>
internal static class CimXmlWriter
{
    // A carriage return would be read back as a line feed unless it is written as a character reference.
    private static readonly XmlWriterSettings Settings = new()
    {
        OmitXmlDeclaration = true,
        NewLineHandling = NewLineHandling.Entitize,
        ConformanceLevel = ConformanceLevel.Fragment,
    };

    public static string Write(CimInstance instance, CimClass? declaration)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Settings))
        {
            WriteInstance(writer, instance, declaration);
        }

        return text.ToString();
    }

    private static void WriteInstance(XmlWriter writer, CimInstance instance, CimClass? declaration)
    {
        writer.WriteStartElement("INSTANCE");
        writer.WriteAttributeString("CLASSNAME", instance.ClassName);
        foreach (var (name, value) in instance.Properties)
        {
            if (value is not null || declaration?.Find(name) is not null)
            {
                WriteProperty(writer, instance.ClassName, name, value, declaration?.Find(name));
            }
        }

        writer.WriteEndElement();
    }

    private static void WriteProperty(XmlWriter writer, string className, string name, object? value, CimProperty? declared)
    {
        var (type, isArray) = TypeOf(className, name, value, declared);
        writer.WriteStartElement((type, isArray) switch
        {
            (CimType.Reference, false) => "PROPERTY.REFERENCE",
            (CimType.Object, false) => "PROPERTY.OBJECT",
            (CimType.Object, true) => "PROPERTY.OBJECTARRAY",
            (_, true) => "PROPERTY.ARRAY",
            _ => "PROPERTY",
        });
        writer.WriteAttributeString("NAME", name);
        if (type is not (CimType.Reference or CimType.Object) || (type is CimType.Reference && isArray))
        {
            writer.WriteAttributeString("TYPE", CimValues.NameOf(type));
        }

        if (value is not null && isArray)
        {
            writer.WriteStartElement(type is CimType.Object ? "VALUE.OBJECTARRAY" : "VALUE.ARRAY");
            foreach (var element in (IEnumerable)value)
            {
                WriteValue(writer, className, name, element, inArray: true);
            }

            writer.WriteEndElement();
        }
        else if (value is not null)
        {
            WriteValue(writer, className, name, value, inArray: false);
        }

        writer.WriteEndElement();
    }

    private static (CimType Type, bool IsArray) TypeOf(string className, string name, object? value, CimProperty? declared)
    {
        if (value is null)
        {
            return (declared!.Type, declared.IsArray);
        }

        var type = CimValues.TypeOf(value, out var isArray) ?? throw new CimXmlException(
            CimXmlProblem.WrongType, $"{className}.{name} is a {value.GetType().Name}, which CIM has no type for.", className, name);
        if (declared is not null && (declared.Type != type || declared.IsArray != isArray))
        {
            throw new CimXmlException(
                CimXmlProblem.WrongType,
                $"{className}.{name} is a {Describe(type, isArray)}, but the class declares it as {Describe(declared.Type, declared.IsArray)}.",
                className,
                name);
        }

        return (type, isArray);
    }

    private static string Describe(CimType type, bool isArray) => CimValues.NameOf(type) + (isArray ? "[]" : string.Empty);

    private static void WriteValue(XmlWriter writer, string className, string name, object? value, bool inArray)
    {
        switch (value)
        {
            case null:
                writer.WriteElementString("VALUE.NULL", null);
                break;
            case CimInstance embedded:
                writer.WriteStartElement("VALUE.OBJECT");
                WriteInstance(writer, embedded, declaration: null);
                writer.WriteEndElement();
                break;
            case CimObjectPath path when !inArray:
                writer.WriteElementString("VALUE.REFERENCE", Checked(className, name, path.ToString()));
                break;
            default:
                writer.WriteStartElement("VALUE");
                writer.WriteString(Checked(className, name, Text(value)));
                writer.WriteFullEndElement();
                break;
        }
    }

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "TRUE" : "FALSE",
        DateTimeOffset time => CimDateTime.Format(time),
        TimeSpan interval => CimDateTime.Format(interval),
        float or double => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Checked(string className, string name, string text)
        => CimXmlText.FirstNotCarried(text) is >= 0 and var at
            ? throw new CimXmlException(
                CimXmlProblem.Malformed,
                string.Create(CultureInfo.InvariantCulture, $"{className}.{name} contains the character U+{(int)text[at]:X4}, which XML cannot carry."),
                className,
                name)
            : text;
}
