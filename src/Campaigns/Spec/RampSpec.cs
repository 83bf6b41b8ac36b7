namespace HostAgent.Campaigns.Spec;

/// <summary>Bounds a wave's items in flight: first <paramref name="Start"/>, and after each round of as many successes <paramref name="Factor"/> times as many.</summary>
/// <param name="Start">The first bound, from 1.</param>
/// <param name="Factor">What each round multiplies the bound by, above 1 and at most 10; the result is rounded up.</param>
public sealed record RampSpec(int Start, double Factor);
