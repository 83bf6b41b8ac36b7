namespace HostAgent.Coordinator.Store;

/// <summary>An event that is about to be stored. The store looks into none of it.</summary>
/// <param name="Time">When it was decided.</param>
/// <param name="Type">Its stable name.</param>
/// <param name="Data">Its stable JSON.</param>
internal sealed record NewEvent(DateTimeOffset Time, string Type, string Data);
