namespace HostAgent.Campaigns.Spec;

/// <summary>Selects hosts: those that fit every part that is given; with no part, every known host.</summary>
/// <param name="Name">The name of the one host; null for any.</param>
/// <param name="Site">The site, compared without case; null for any.</param>
/// <param name="Labels">Labels that the host must have, compared exactly; empty for any.</param>
public sealed record HostSelector(string? Name, string? Site, IReadOnlyDictionary<string, string> Labels);
