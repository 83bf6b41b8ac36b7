namespace HostAgent.Campaigns.Planning;

/// <summary>A set of items that other items wait for.</summary>
/// <param name="Text">As the document says it, for example <c>app-* after sql-*</c>.</param>
/// <param name="After">The positions of the items that must have succeeded, ascending.</param>
public sealed record PlannedDependency(string Text, IReadOnlyList<int> After);
