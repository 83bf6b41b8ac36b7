namespace HostAgent.Agent.Operations;

/// <summary>How an operation ended.</summary>
/// <param name="State">A terminal state.</param>
/// <param name="Basis">What decided it.</param>
/// <param name="Explanation">One sentence for a person.</param>
/// <param name="Failure">Why; null for the two successes.</param>
/// <param name="Retry">How a failure may be tried again.</param>
internal sealed record OperationOutcome(
    OperationState State, OutcomeBasis Basis, string Explanation, OperationFailure? Failure, RetryAdvice Retry);
