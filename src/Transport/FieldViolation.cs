namespace HostAgent.Transport;

/// <summary>One field of a request that is wrong (google.rpc.BadRequest.FieldViolation).</summary>
/// <param name="Field">The path of the field in the request message, for example <c>recovery_point.not_after</c>.</param>
/// <param name="Description">What is wrong with it: the value and what is allowed.</param>
/// <param name="Reason">The same as an UPPER_SNAKE_CASE word, where programs act upon it; empty otherwise.</param>
public sealed record FieldViolation(string Field, string Description, string Reason = "");
