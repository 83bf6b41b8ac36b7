using HostAgent.Texts;

namespace HostAgent.Documents;

/// <summary>
/// One place in a document, absent or present. Its methods turn the value into a type; a value that does not fit is
/// recorded as an error and read as null, as an absent one is.
/// </summary>
public sealed partial class Field
{
    private const int LabelLength = 256;

    private static readonly MappingNode Nowhere = new(string.Empty, default, []);

    private readonly DocumentNode? _node;
    private readonly DocumentNode _parent;
    private readonly DocumentErrorList _errors;
    private readonly PlaceSchema? _schema;

    /// <param name="path">The path.</param>
    /// <param name="node">The value; null when absent.</param>
    /// <param name="parent">What it is or would be a part of.</param>
    /// <param name="errors">Receives the errors.</param>
    /// <param name="schema">Receives what the reader declares; null when a document is read. A described place is always absent.</param>
    internal Field(string path, DocumentNode? node, DocumentNode parent, DocumentErrorList errors, PlaceSchema? schema = null)
    {
        Path = path;
        _node = node;
        _parent = parent;
        _errors = errors;
        _schema = schema;
    }

    /// <summary>The path, for example <c>spec.waves[1].ramp.factor</c>.</summary>
    public string Path { get; }

    /// <summary>Whether the document has a value here.</summary>
    public bool IsPresent => _node is not null;

    /// <summary>Whether the value is a single one, neither a list nor a mapping.</summary>
    public bool IsScalar => _node is ScalarNode;

    /// <summary>Records that the value does not fit.</summary>
    /// <param name="allowed">What is allowed, for example <c>a whole number from 1 to 10</c>.</param>
    /// <param name="message">The sentence; null for one made of path, value and what is allowed.</param>
    public void Reject(string allowed, string? message = null)
    {
        var value = _node?.Describe() ?? string.Empty;
        _errors.Add(_node ?? _parent, Path, value, allowed, message ?? $"{Path} is {Quoted(value)}; it must be {allowed}.");
    }

    /// <summary>Reads a mapping.</summary>
    /// <typeparam name="T">What it describes.</typeparam>
    /// <param name="read">Builds the value; must ask for every key it knows. Null means that it has recorded an error.</param>
    /// <param name="definition">The name under which the document's schema declares it once for several places; null to declare it here.</param>
    /// <returns>The value; null when absent or not a mapping.</returns>
    public T? Mapping<T>(Func<MappingReader, T?> read, string? definition = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        Describe(read, definition);
        if (_node is null)
        {
            return null;
        }

        if (_node is not MappingNode mapping)
        {
            Reject("a mapping of keys to values");
            return null;
        }

        var reader = new MappingReader(mapping, _errors);
        var value = read(reader);
        reader.ReportUnknownKeys();
        return value;
    }

    /// <summary>Reads a mapping that has one key for its kind, on which its other keys depend.</summary>
    /// <typeparam name="T">What it describes.</typeparam>
    /// <param name="key">The key of the kind.</param>
    /// <param name="kinds">Each kind with the reader of its other keys.</param>
    /// <param name="definition">The beginning of the names under which the document's schema declares the kinds.</param>
    /// <returns>The value; null when absent, not a mapping or of no known kind. The other keys of an unknown kind are not checked.</returns>
    public T? MappingByKind<T>(string key, IReadOnlyDictionary<string, Func<MappingReader, T>> kinds, string definition)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(kinds);
        if (_schema is not null)
        {
            DescribeKinds(_schema, key, kinds, definition);
            return null;
        }

        if (_node is not MappingNode node)
        {
            return Mapping<T>(_ => null);
        }

        var reader = new MappingReader(node, _errors);
        var names = kinds.Keys.ToList();
        if (reader.Required(key, "one of " + string.Join(", ", names)).Choice(names) is not { } name)
        {
            return null;
        }

        var value = kinds[name](reader);
        reader.ReportUnknownKeys();
        return value;
    }

    /// <summary>Reads either a single value or a mapping.</summary>
    /// <typeparam name="T">What both describe.</typeparam>
    /// <param name="single">Reads the single value.</param>
    /// <param name="mapping">Builds the value from a mapping; must ask for every key it knows.</param>
    /// <returns>The value; null when absent or neither.</returns>
    public T? Either<T>(Func<Field, T?> single, Func<MappingReader, T?> mapping)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(single);
        if (_schema is not null)
        {
            single(Describing(_schema.Alternative()));
            Describing(_schema.Alternative()).Mapping(mapping);
        }

        return _node is null ? null
            : _node is MappingNode ? Mapping(mapping)
            : single(this);
    }

    /// <summary>Reads either a single value or a mapping that has one key for its kind, on which its other keys depend.</summary>
    /// <typeparam name="T">What both describe.</typeparam>
    /// <param name="single">Reads the single value.</param>
    /// <param name="key">The key of the kind.</param>
    /// <param name="kinds">Each kind with the reader of its other keys.</param>
    /// <param name="definition">The beginning of the names under which the document's schema declares the kinds.</param>
    /// <returns>The value; null when absent, neither or of no known kind.</returns>
    public T? EitherByKind<T>(Func<Field, T?> single, string key, IReadOnlyDictionary<string, Func<MappingReader, T>> kinds, string definition)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(single);
        if (_schema is not null)
        {
            single(Describing(_schema.Alternative()));
            DescribeKinds(_schema, key, kinds, definition);
            return null;
        }

        return _node is null ? null
            : _node is MappingNode ? MappingByKind(key, kinds, definition)
            : single(this);
    }

    /// <summary>Reads a mapping that must be empty: for what the author may expect here, and we do not have.</summary>
    /// <param name="allowed">What to write instead.</param>
    /// <param name="message">One sentence that says why.</param>
    public void EmptyMapping(string allowed, string message)
    {
        _schema?.Set("type", "object");
        _schema?.Set("maxProperties", 0);
        if (_node is MappingNode { Entries.Count: > 0 })
        {
            Reject(allowed, message);
        }
        else if (_node is not (null or MappingNode))
        {
            Reject("a mapping of keys to values");
        }
    }

    /// <summary>Reads a list.</summary>
    /// <typeparam name="T">What one element describes.</typeparam>
    /// <param name="read">Reads one element; null results (errors) are left out.</param>
    /// <param name="minimum">The least number of elements when the list is there at all.</param>
    /// <param name="maximum">The greatest number of elements; a longer list is not read.</param>
    /// <returns>The elements; empty when absent.</returns>
    public IReadOnlyList<T> List<T>(Func<Field, T?> read, int minimum = 0, int maximum = DocumentLimits.List)
        where T : class
    {
        var values = new List<T>();
        foreach (var element in Elements(minimum, maximum))
        {
            if (read(element) is { } value)
            {
                values.Add(value);
            }
        }

        return values;
    }

    /// <summary>Reads a mapping of free keys to texts, for example labels.</summary>
    /// <returns>The map; empty when absent.</returns>
    /// <remarks>At most <see cref="DocumentLimits.Labels"/> keys. Keys and values have at most 256 characters. Keys and values are names; see <see cref="Name"/>.</remarks>
    public IReadOnlyDictionary<string, string> TextMap()
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        DescribeTextMap();
        if (_node is null)
        {
            return map;
        }

        if (_node is not MappingNode mapping)
        {
            Reject("a mapping of texts to texts");
            return map;
        }

        if (mapping.Entries.Count > DocumentLimits.Labels)
        {
            Reject($"a mapping of at most {DocumentLimits.Labels} keys", $"{Path} has {mapping.Entries.Count} keys; it may have at most {DocumentLimits.Labels}.");
            return map;
        }

        foreach (var (key, node, at) in mapping.Entries)
        {
            var field = new Field(DocumentPath.Key(Path, key), node, mapping, _errors);
            if (key.Length == 0 || key.Length > LabelLength || key.Any(char.IsControl) || HasBlankEnds(key))
            {
                var allowed = $"a key of 1 to {LabelLength} characters without control characters, and without blanks before or after it";
                _errors.Add(at.Line, at.Column, Path, Shortened.Text(key), allowed, $"{Path} has the key {Quoted(Shortened.Text(key))}; it must be {allowed}.");
            }
            else if (node is ScalarNode { IsNull: true })
            {
                map[NameText.Composed(key)] = string.Empty;
            }
            else if (field.Name(0, LabelLength) is { } text)
            {
                map[NameText.Composed(key)] = text;
            }
        }

        return map;
    }

    private IEnumerable<Field> Elements(int minimum, int maximum)
    {
        if (_schema is not null)
        {
            return [Describing(_schema.List(minimum, maximum))];
        }

        if (_node is null)
        {
            return [];
        }

        if (_node is not SequenceNode sequence)
        {
            Reject("a list");
            return [];
        }

        if (sequence.Items.Count < minimum)
        {
            Reject($"a list of at least {minimum}");
        }

        if (sequence.Items.Count > maximum)
        {
            Reject($"a list of at most {maximum}", $"{Path} has {sequence.Items.Count} elements; it may have at most {maximum}.");
            return [];
        }

        return sequence.Items.Select(item => Element(item, sequence));
    }

    private Field Element(DocumentNode item, SequenceNode sequence)
    {
        _errors.Budget.Check(item.At);
        return new Field(item.Path, item, sequence, _errors);
    }

    private static bool HasBlankEnds(string text) => text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]));

    private static string Quoted(string value) => value.Length == 0 ? "empty" : $"'{value}'";
}
