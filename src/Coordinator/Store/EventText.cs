using System.Text;

namespace HostAgent.Coordinator.Store;

/// <summary>The JSON of an event that is to be stored: a text of its own or, when it is large, UTF-8 in memory that its owner uses again after the write.</summary>
internal readonly record struct EventText
{
    private readonly string? _text;

    private EventText(string? text, ReadOnlyMemory<byte> utf8) => (_text, Utf8) = (text, utf8);

    /// <summary>Whether it is in memory that is used again.</summary>
    public bool IsLent => _text is null;

    /// <summary>The bytes, when <see cref="IsLent"/>.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public static implicit operator EventText(string text) => new(text, default);

    /// <summary>A text in memory that its owner uses again.</summary>
    public static EventText Lent(ReadOnlyMemory<byte> utf8) => new(null, utf8);

    /// <summary>The text.</summary>
    public override string ToString() => _text ?? Encoding.UTF8.GetString(Utf8.Span);
}
