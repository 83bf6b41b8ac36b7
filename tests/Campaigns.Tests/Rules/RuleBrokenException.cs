namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>A rule does not hold.</summary>
internal sealed class RuleBrokenException(string message) : Exception(message);
