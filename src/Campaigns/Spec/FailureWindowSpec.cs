using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How many failures are tolerated within any span of time.</summary>
/// <param name="Failures">How many are tolerated; a percentage is of the campaign's items, rounded down.</param>
/// <param name="In">The length of the span.</param>
public sealed record FailureWindowSpec(Amount Failures, TimeSpan In);
