using System.Globalization;
using System.Runtime.InteropServices;

namespace HostAgent.Documents;

/// <summary>A part of the document with its place.</summary>
internal abstract class DocumentNode(string path, Position at)
{
    public string Path { get; } = path;

    public Position At { get; } = at;

    /// <summary>The value for use in a message.</summary>
    public abstract string Describe();
}

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

internal sealed class SequenceNode(string path, Position at, IReadOnlyList<DocumentNode> items) : DocumentNode(path, at)
{
    public IReadOnlyList<DocumentNode> Items { get; } = items;

    public override string Describe() => Items.Count == 0 ? "[]" : "[…]";
}

internal sealed class ScalarNode(string path, Position at, string value, bool isPlain) : DocumentNode(path, at)
{
    public string Value { get; } = value;

    /// <summary>Whether the author wrote nothing, or one of YAML's words for nothing, without quotes.</summary>
    public bool IsNull { get; } = isPlain && value is ("" or "~" or "null");

    public override string Describe() => Shortened.Text(Value);
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Position(int Line, int Column);

internal static class DocumentPath
{
    public static string Key(string parent, string key)
    {
        var plain = key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
        return plain && key.Length <= 64
            ? parent.Length == 0 ? key : $"{parent}.{key}"
            : $"{parent}[\"{Shortened.Text(key)}\"]";
    }

    public static string Index(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");
}
