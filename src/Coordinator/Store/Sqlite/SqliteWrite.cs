namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>A write that waits for its transaction.</summary>
/// <param name="Creation">The campaign to create first; null for an append.</param>
/// <param name="Append">What to append.</param>
internal sealed record SqliteWrite(NewCampaign? Creation, StreamAppend Append)
{
    /// <summary>Completes when the write is durable, fails when nothing of it was written.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
