namespace HostAgent.Coordinator.Store;

/// <summary>How far an attempt at an item was when its host last said so.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Percent">0 to 100.</param>
internal sealed record ItemProgress(string Item, int Attempt, int Percent);
