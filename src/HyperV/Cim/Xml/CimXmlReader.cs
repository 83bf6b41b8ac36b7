using System.Text;
using System.Xml;

namespace HostAgent.HyperV.Cim.Xml;

/// <summary>Reads one instance, forward only, with limits on length and depth.</summary>
internal sealed class CimXmlReader
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = CimXmlText.MaxLength,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    private readonly string _text;
    private string? _className;
    private string? _property;

    public CimXmlReader(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    public CimInstance Read()
    {
        if (_text.Length > CimXmlText.MaxLength)
        {
            throw Refused($"it has {_text.Length} characters; the maximum is {CimXmlText.MaxLength}");
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(_text), Settings);
            reader.MoveToContent();
            var instance = ReadInstance(reader);
            while (reader.Read())
            {
                if (reader.NodeType is not XmlNodeType.Whitespace)
                {
                    throw Malformed($"unexpected content after the instance: {reader.Name}");
                }
            }

            return instance;
        }
        catch (XmlException exception)
        {
            throw exception.Message.Contains("DTD", StringComparison.Ordinal)
                ? Refused("it declares a DTD", exception)
                : Malformed(exception.Message, exception);
        }
    }

    private CimInstance ReadInstance(XmlReader reader)
    {
        if (reader.NodeType is not XmlNodeType.Element || reader.Name is not "INSTANCE")
        {
            throw Malformed($"expected the element INSTANCE, found '{reader.Name}'");
        }

        var className = reader.GetAttribute("CLASSNAME");
        if (string.IsNullOrWhiteSpace(className))
        {
            throw Malformed("the element INSTANCE has no CLASSNAME");
        }

        var (outerClass, outerProperty) = (_className, _property);
        (_className, _property) = (className, null);
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        ReadChildren(reader, element => ReadInstanceChild(element, properties));
        (_className, _property) = (outerClass, outerProperty);
        return new CimInstance(path: null, className, properties);
    }

    private void ReadInstanceChild(XmlReader reader, Dictionary<string, object?> properties)
    {
        if (reader.Name is "QUALIFIER")
        {
            reader.Skip();
            return;
        }

        var element = reader.Name;
        if (element is not ("PROPERTY" or "PROPERTY.ARRAY" or "PROPERTY.REFERENCE" or "PROPERTY.OBJECT" or "PROPERTY.OBJECTARRAY"))
        {
            throw Malformed($"an instance cannot contain the element '{element}'");
        }

        var name = reader.GetAttribute("NAME");
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Malformed($"the element {element} has no NAME");
        }

        // System properties describe the object's location, not its content. Only one of the two Windows flavours writes them.
        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            reader.Skip();
            return;
        }

        _property = name;
        var value = ReadProperty(reader, element, TypeOf(element, reader.GetAttribute("TYPE")));
        if (!properties.TryAdd(name, value))
        {
            throw Malformed("the property occurs twice");
        }

        _property = null;
    }

    private CimType TypeOf(string element, string? name) => element switch
    {
        "PROPERTY.REFERENCE" => CimType.Reference,
        "PROPERTY.OBJECT" or "PROPERTY.OBJECTARRAY" => CimType.Object,
        _ => CimXmlValues.ParseType(name) ?? throw Malformed($"'{name}' is not a CIM type"),
    };

    private object? ReadProperty(XmlReader reader, string element, CimType type)
    {
        object? value = null;
        var seen = false;
        var isArray = element is "PROPERTY.ARRAY" or "PROPERTY.OBJECTARRAY";
        ReadChildren(reader, child =>
        {
            if (child.Name is "QUALIFIER")
            {
                child.Skip();
                return;
            }

            if (seen)
            {
                throw Malformed("the property has two values");
            }

            seen = true;
            value = isArray ? ReadArray(child, type) : ReadValue(child, type);
        });
        return value;
    }

    private Array ReadArray(XmlReader reader, CimType type)
    {
        if (reader.Name is not ("VALUE.ARRAY" or "VALUE.REFARRAY" or "VALUE.OBJECTARRAY"))
        {
            throw Malformed($"an array cannot contain the element '{reader.Name}'");
        }

        var values = new List<object?>();
        ReadChildren(reader, child => values.Add(ReadValue(child, type)));
        return CimValues.ToArray(type, values)
            ?? throw WrongType($"an array of {CimValues.NameOf(type)} cannot mix intervals and points in time, and cannot contain null");
    }

    private object? ReadValue(XmlReader reader, CimType type)
    {
        switch (reader.Name)
        {
            case "VALUE.NULL":
                reader.Skip();
                return null;
            case "VALUE.OBJECT" when type is CimType.Object:
                CimInstance? embedded = null;
                ReadChildren(reader, child =>
                    embedded = embedded is null ? ReadInstance(child) : throw Malformed("VALUE.OBJECT contains two instances"));
                return embedded;
            case "VALUE" when type is not CimType.Object:
            case "VALUE.REFERENCE" when type is CimType.Reference:
                var text = ReadText(reader);
                return CimXmlValues.Parse(type, text) ?? throw WrongType($"'{Shorten(text)}' is not a {CimValues.NameOf(type)}");
            default:
                throw Malformed($"a {CimValues.NameOf(type)} cannot contain the element '{reader.Name}'");
        }
    }

    private string ReadText(XmlReader reader)
    {
        CheckDepth(reader);
        var text = new StringBuilder();
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.NodeType is not XmlNodeType.EndElement)
            {
                text.Append(reader.NodeType
                    is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace
                    ? reader.Value
                    : throw Malformed($"a value contains '{reader.Name}'; only text is allowed"));
            }
        }

        reader.Read();
        return text.ToString();
    }

    // Calls back once per child element; the callback must read past it. Leaves the reader after the end of the element.
    private void ReadChildren(XmlReader reader, Action<XmlReader> child)
    {
        CheckDepth(reader);
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return;
        }

        reader.Read();
        while (reader.NodeType is not XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    child(reader);
                    break;
                case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    reader.Read();
                    break;
                default:
                    throw Malformed($"unexpected text between elements: '{Shorten(reader.Value)}'");
            }
        }

        reader.Read();
    }

    private void CheckDepth(XmlReader reader)
    {
        if (reader.Depth >= CimXmlText.MaxDepth)
        {
            throw Refused($"it is nested deeper than {CimXmlText.MaxDepth} elements");
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private CimXmlException Malformed(string why, Exception? inner = null)
        => new(CimXmlProblem.Malformed, $"{Place} is not an embedded instance: {why}.", _className, _property, inner);

    private CimXmlException Refused(string why, Exception? inner = null)
        => new(CimXmlProblem.Refused, $"{Place} is rejected: {why}.", _className, _property, inner);

    private CimXmlException WrongType(string why)
        => new(CimXmlProblem.WrongType, $"{Place} has a wrong value: {why}.", _className, _property);

    private string Place => (_className, _property) switch
    {
        (null, _) => "The text",
        (_, null) => _className,
        _ => $"{_className}.{_property}",
    };
}
