namespace HostAgent.Documents;

/// <summary>Reads the keys of one mapping. Keys that were not asked for are reported as unknown.</summary>
public sealed class MappingReader
{
    private readonly MappingNode _mapping;
    private readonly DocumentErrorList _errors;
    private readonly List<string> _known = [];

    internal MappingReader(MappingNode mapping, DocumentErrorList errors)
    {
        _mapping = mapping;
        _errors = errors;
    }

    /// <summary>The path of the mapping, for example <c>spec.limits</c>; empty for the document's outermost.</summary>
    public string Path => _mapping.Path;

    /// <summary>Gives a key that may be left out. An empty value counts as left out.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The field, absent or not.</returns>
    public Field Optional(string key)
    {
        if (!_known.Contains(key, StringComparer.Ordinal))
        {
            _known.Add(key);
        }

        var node = _mapping.Find(key);
        return new Field(DocumentPath.Key(_mapping.Path, key), node is ScalarNode { IsNull: true } ? null : node, _mapping, _errors);
    }

    /// <summary>Gives a key that must be there; its absence is an error.</summary>
    /// <param name="key">The key.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <returns>The field, absent when there was an error.</returns>
    public Field Required(string key, string allowed)
    {
        var field = Optional(key);
        if (!field.IsPresent)
        {
            var at = _mapping.Find(key) ?? (DocumentNode)_mapping;
            _errors.Add(at, field.Path, string.Empty, allowed, $"{field.Path} is missing; it must be {allowed}.");
        }

        return field;
    }

    /// <summary>Records an error that concerns the mapping as a whole.</summary>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <param name="message">One sentence that names the thing, the value and what is allowed.</param>
    public void Reject(string allowed, string message) => _errors.Add(_mapping, Path, _mapping.Describe(), allowed, message);

    internal void ReportUnknownKeys()
    {
        foreach (var (key, _, at) in _mapping.Entries)
        {
            if (_known.Contains(key, StringComparer.Ordinal))
            {
                continue;
            }

            _errors.Budget.Check(at);
            if (_errors.IsFull)
            {
                _errors.Add(at.Line, at.Column, string.Empty, string.Empty, string.Empty, string.Empty);
                continue;
            }

            var path = DocumentPath.Key(_mapping.Path, key);
            var nearest = NearestKeys.Find(key, _known);
            var hint = nearest.Count == 0 ? string.Empty : $" Did you mean {string.Join(" or ", nearest)}?";
            var allowed = _known.Count == 0 ? "nothing" : string.Join(", ", _known.Order(StringComparer.Ordinal));
            _errors.Add(at.Line, at.Column, path, Shortened.Text(key), allowed, $"{path} is not a known key.{hint} Allowed here: {allowed}.");
        }
    }
}
