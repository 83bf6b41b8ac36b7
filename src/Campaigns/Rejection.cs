namespace HostAgent.Campaigns;

/// <summary>Why a command was refused.</summary>
/// <param name="Code">The kind of refusal.</param>
/// <param name="Message">One sentence that names the thing, its state and what is allowed.</param>
public sealed record Rejection(RejectionCode Code, string Message);
