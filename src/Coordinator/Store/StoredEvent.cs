namespace HostAgent.Coordinator.Store;

/// <summary>An event of a campaign's stream.</summary>
/// <param name="Version">Its position in the stream, from 1 without gaps.</param>
/// <param name="Time">When it was decided.</param>
/// <param name="Type">Its stable name.</param>
/// <param name="Data">Its stable JSON.</param>
internal sealed record StoredEvent(long Version, DateTimeOffset Time, string Type, string Data)
{
    /// <summary>Its hash, as <see cref="EventChain"/> makes it.</summary>
    public ReadOnlyMemory<byte> Hash { get; init; }
}
