namespace HostAgent.Coordinator.Store;

/// <summary>A campaign's document.</summary>
/// <param name="Text">As its author wrote it.</param>
/// <param name="Source">How it is called in messages.</param>
internal sealed record StoredDocument(string Text, string Source);
