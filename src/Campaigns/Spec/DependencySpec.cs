namespace HostAgent.Campaigns.Spec;

/// <summary>Items that start only after others have succeeded.</summary>
/// <param name="Item">The items that wait.</param>
/// <param name="After">The items they wait for: all of them.</param>
public sealed record DependencySpec(DependencyEnd Item, DependencyEnd After);
