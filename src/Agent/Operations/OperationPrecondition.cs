namespace HostAgent.Agent.Operations;

/// <summary>One precondition that does not hold.</summary>
/// <param name="Type">The id of the check.</param>
/// <param name="Subject">What was checked.</param>
/// <param name="Description">What was seen and what to do.</param>
internal sealed record OperationPrecondition(string Type, string Subject, string Description);
