namespace HostAgent.Documents.Internal;

/// <summary>A part of the document with its place.</summary>
internal abstract class DocumentNode(string path, Position at)
{
    public string Path { get; } = path;

    public Position At { get; } = at;

    /// <summary>The value as it may stand in a message.</summary>
    public abstract string Describe();
}
