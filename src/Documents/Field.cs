using HostAgent.Texts;

namespace HostAgent.Documents;

/// <summary>
/// One place in a document, absent or present. Its methods turn the value into a type; a value that does not fit is
/// recorded as an error and read as null, as an absent one is.
/// </summary>
public sealed partial class Field
{
    private readonly DocumentNode? _node;
    private readonly DocumentNode _parent;
    private readonly DocumentErrorList _errors;

    internal Field(string path, DocumentNode? node, DocumentNode parent, DocumentErrorList errors)
    {
        Path = path;
        _node = node;
        _parent = parent;
        _errors = errors;
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
    /// <returns>The value; null when absent or not a mapping.</returns>
    public T? Mapping<T>(Func<MappingReader, T?> read)
        where T : class
    {
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
    /// <param name="maximumLength">The most characters that a key or a value may have.</param>
    /// <returns>The map; empty when absent.</returns>
    /// <remarks>At most <see cref="DocumentLimits.Labels"/> keys. Keys and values are names; see <see cref="Name"/>.</remarks>
    public IReadOnlyDictionary<string, string> TextMap(int maximumLength = 256)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
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
            if (key.Length == 0 || key.Length > maximumLength || key.Any(char.IsControl) || HasBlankEnds(key))
            {
                var allowed = $"a key of 1 to {maximumLength} characters without control characters, and without blanks before or after it";
                _errors.Add(at.Line, at.Column, Path, Shortened.Text(key), allowed, $"{Path} has the key {Quoted(Shortened.Text(key))}; it must be {allowed}.");
            }
            else if (node is ScalarNode { IsNull: true })
            {
                map[NameText.Composed(key)] = string.Empty;
            }
            else if (field.Name(0, maximumLength) is { } text)
            {
                map[NameText.Composed(key)] = text;
            }
        }

        return map;
    }

    private IEnumerable<Field> Elements(int minimum, int maximum)
    {
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
