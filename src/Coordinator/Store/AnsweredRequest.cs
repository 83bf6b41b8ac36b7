namespace HostAgent.Coordinator.Store;

/// <summary>A command with a request id that has taken effect.</summary>
/// <param name="Id">The request id.</param>
/// <param name="Time">When it took effect.</param>
/// <param name="Digest">The SHA-256 of who asked for what.</param>
/// <param name="Items">The ids of the items that the command has set going; empty for a command about one item.</param>
internal sealed record AnsweredRequest(Guid Id, DateTimeOffset Time, ReadOnlyMemory<byte> Digest, IReadOnlyList<string> Items)
{
    /// <summary>How long a repetition is known as one.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);
}
