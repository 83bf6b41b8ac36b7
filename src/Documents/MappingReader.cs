namespace HostAgent.Documents;

/// <summary>Reads the keys of one mapping. Keys that were not asked for are reported as unknown.</summary>
public sealed class MappingReader
{
    private readonly MappingNode _mapping;
    private readonly DocumentErrorList _errors;
    private readonly MappingSchema? _schema;
    private readonly List<string> _known = [];

    internal MappingReader(MappingNode mapping, DocumentErrorList errors, MappingSchema? schema = null)
    {
        _mapping = mapping;
        _errors = errors;
        _schema = schema;
    }

    /// <summary>The path of the mapping, for example <c>spec.limits</c>; empty for the document's outermost.</summary>
    public string Path => _mapping.Path;

    /// <summary>Says in the document's schema what the mapping means.</summary>
    /// <param name="description">A sentence or two.</param>
    public void Describe(string description) => _schema?.Place.Describe(description);

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
        return new Field(DocumentPath.Key(_mapping.Path, key), node is ScalarNode { IsNull: true } ? null : node, _mapping, _errors, _schema?.Key(key));
    }

    /// <summary>Gives a key that must be there; its absence is an error.</summary>
    /// <param name="key">The key.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <returns>The field, absent when there was an error.</returns>
    public Field Required(string key, string allowed)
    {
        var field = Optional(key);
        _schema?.Require(key);
        if (!field.IsPresent)
        {
            var at = _mapping.Find(key) ?? (DocumentNode)_mapping;
            _errors.Add(at, field.Path, string.Empty, allowed, $"{field.Path} is missing; it must be {allowed}.");
        }

        return field;
    }

    /// <summary>Requires at least one of a few keys; their absence is an error.</summary>
    /// <param name="keys">The keys, which must be asked for as well.</param>
    /// <param name="message">One sentence that names the mapping and what is allowed.</param>
    public void RequireAny(IReadOnlyList<string> keys, string message)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _schema?.RequireAny(keys);
        if (_schema is null && !keys.Any(key => Optional(key).IsPresent))
        {
            Reject($"{string.Join(", ", keys)} or both", message);
        }
    }

    /// <summary>Refuses two keys that exclude each other; the error is that of the second one.</summary>
    /// <param name="key">The first key.</param>
    /// <param name="other">The second key.</param>
    /// <param name="message">One sentence that names both and what is allowed; null for one made of the keys.</param>
    public void RefuseTogether(string key, string other, string? message = null)
    {
        _schema?.RefuseTogether([key, other]);
        var field = Optional(other);
        if (Optional(key).IsPresent && field.IsPresent)
        {
            field.Reject($"either {key} or {other}", message ?? $"{field.Path} is set together with {key}; give one of the two.");
        }
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
