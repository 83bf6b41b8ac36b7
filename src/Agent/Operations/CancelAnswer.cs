namespace HostAgent.Agent.Operations;

/// <summary>What came of a cancellation.</summary>
/// <param name="Operation">The operation after the request.</param>
/// <param name="ReturnCode">The job's answer to the request to terminate; null when no job was asked, or it was gone.</param>
/// <param name="Explanation">The answer in words.</param>
internal sealed record CancelAnswer(OperationSnapshot Operation, uint? ReturnCode, string Explanation);
