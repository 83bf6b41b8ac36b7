namespace HostAgent.Agent.Operations;

/// <summary>A request was refused before anything was journaled for it, or a command on an operation was not allowed.</summary>
internal sealed class OperationRefusedException(OperationFailure failure, Exception? innerException = null)
    : Exception(failure.Message, innerException)
{
    /// <summary>Why.</summary>
    public OperationFailure Failure { get; } = failure;
}
