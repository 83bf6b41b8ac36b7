namespace HostAgent.Documents;

/// <summary>How large a document may be before it is refused unread.</summary>
public sealed record DocumentLimits
{
    /// <summary>How many elements a list may have where nothing else is said.</summary>
    public const int List = 1000;

    /// <summary>How many keys a mapping of free keys, such as labels, may have.</summary>
    public const int Labels = 64;

    /// <summary>The limits that hold unless others are given.</summary>
    public static DocumentLimits Default { get; } = new();

    /// <summary>The size of the text in UTF-8 bytes.</summary>
    /// <value>The default is 1 MiB.</value>
    public int Bytes { get; init; } = 1024 * 1024;

    /// <summary>How deep lists and mappings may be nested.</summary>
    /// <value>The default is 32.</value>
    public int Depth { get; init; } = 32;

    /// <summary>How much of a processor's time reading may take.</summary>
    /// <value>The default is 2 seconds; a document of the default size takes a tenth of that.</value>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many errors are reported before reading gives up.</summary>
    /// <value>The default is 200.</value>
    public int Errors { get; init; } = 200;
}
