namespace HostAgent.Coordinator.Dispatch;

/// <summary>The campaign's run has ended and takes no more reports.</summary>
internal sealed class RunClosedException() : Exception("The campaign's run has ended.");
