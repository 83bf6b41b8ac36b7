namespace HostAgent.Documents.Internal;

internal sealed class MappingNode : DocumentNode
{
    private readonly Dictionary<string, DocumentNode> _byKey;

    public MappingNode(string path, Position at, IReadOnlyList<(string Key, DocumentNode Value, Position At)> entries)
        : base(path, at)
    {
        Entries = entries;
        _byKey = entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
    }

    /// <summary>Each key once, in the order of the document, with the place of the key.</summary>
    public IReadOnlyList<(string Key, DocumentNode Value, Position At)> Entries { get; }

    public DocumentNode? Find(string key) => _byKey.GetValueOrDefault(key);

    public override string Describe() => Entries.Count == 0 ? "{}" : "{…}";
}
