namespace HostAgent.Documents.Internal;

internal sealed class ScalarNode(string path, Position at, string value, bool isPlain) : DocumentNode(path, at)
{
    public string Value { get; } = value;

    /// <summary>Whether the author wrote nothing, or one of YAML's words for nothing, without quotes.</summary>
    public bool IsNull { get; } = isPlain && value is ("" or "~" or "null");

    public override string Describe() => Shortened.Text(Value);
}
