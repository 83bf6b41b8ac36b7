namespace HostAgent.Coordinator.Store;

/// <summary>The state that the events of a stream up to a version make. The store does not look into it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Data">The state.</param>
internal sealed record StreamSnapshot(long Version, ReadOnlyMemory<byte> Data)
{
    /// <summary>The hash of the event of that version. The store sets it when it writes, and compares it when it reads.</summary>
    public ReadOnlyMemory<byte> EventHash { get; init; }
}
