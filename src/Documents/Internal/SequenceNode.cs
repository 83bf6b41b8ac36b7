namespace HostAgent.Documents.Internal;

internal sealed class SequenceNode(string path, Position at, IReadOnlyList<DocumentNode> items) : DocumentNode(path, at)
{
    public IReadOnlyList<DocumentNode> Items { get; } = items;

    public override string Describe() => Items.Count == 0 ? "[]" : "[…]";
}
