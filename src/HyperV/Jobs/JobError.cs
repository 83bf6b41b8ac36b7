namespace HostAgent.HyperV.Jobs;

/// <summary>One error of a finished job (<c>Msvm_Error</c>).</summary>
/// <param name="Message">The message, in the host's language. The whole text when the host's answer was not an Msvm_Error.</param>
/// <param name="MessageId">The message's id; null when there is none.</param>
/// <param name="ErrorSource">What the error is about; null when there is none.</param>
/// <param name="CimStatusCode">The CIM status; null when there is none.</param>
/// <param name="PerceivedSeverity">0 unknown, 2 low, 3 medium, 4 high, 5 fatal; null when there is none.</param>
/// <param name="RecommendedActions">What the host advises.</param>
public sealed record JobError(
    string Message, string? MessageId, string? ErrorSource, uint? CimStatusCode, int? PerceivedSeverity, IReadOnlyList<string> RecommendedActions);
