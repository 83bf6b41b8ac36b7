namespace HostAgent.Coordinator.Store;

/// <summary>The store cannot be opened or written to.</summary>
internal sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
