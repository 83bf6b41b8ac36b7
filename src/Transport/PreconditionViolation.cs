namespace HostAgent.Transport;

/// <summary>One condition that is not met (google.rpc.PreconditionFailure.Violation).</summary>
/// <param name="Type">The kind of condition, for example the id of a readiness check.</param>
/// <param name="Subject">What it is about, for example a virtual machine.</param>
/// <param name="Description">What is wrong and what to do, one sentence.</param>
public sealed record PreconditionViolation(string Type, string Subject, string Description);
