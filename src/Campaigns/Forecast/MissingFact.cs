namespace HostAgent.Campaigns.Forecast;

/// <summary>Something without which a duration would be invented.</summary>
/// <param name="What">What it is, for example <c>disk size</c>.</param>
/// <param name="Explanation">One sentence: why it is not known, and what would make it known.</param>
/// <param name="Count">For how many machines it is missing; 0 when it does not belong to machines.</param>
/// <param name="Examples">The first of them by name and host, at most ten.</param>
public sealed record MissingFact(string What, string Explanation, int Count, IReadOnlyList<string> Examples);
