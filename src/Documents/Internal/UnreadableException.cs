namespace HostAgent.Documents.Internal;

/// <summary>The rest of the document cannot be read; leaves the recursive descent of <see cref="TreeParser"/>.</summary>
internal sealed class UnreadableException(Position at, string path, string allowed, string message) : Exception(message)
{
    public Position At { get; } = at;

    public string Path { get; } = path;

    public string Allowed { get; } = allowed;
}
