namespace HostAgent.Agent.Journal;

/// <summary>The journal cannot be opened, is damaged, or could not take a fact. The message is fit for an operator.</summary>
internal sealed class JournalException(string message, Exception? innerException = null)
    : Exception(message, innerException);
