namespace HostAgent.HyperV.Simulation;

/// <summary>How often a host's namespace was called: what a client's polling costs.</summary>
/// <param name="Reads">Instances read by path.</param>
/// <param name="Lists">Classes listed.</param>
/// <param name="Associations">Associations followed.</param>
/// <param name="Methods">Methods invoked.</param>
/// <param name="WatchLooks">Looks that the host itself took at a class for its watches; watches of one class share them.</param>
public sealed record CallCount(long Reads, long Lists, long Associations, long Methods, long WatchLooks)
{
    /// <summary>The calls that clients made.</summary>
    public long Total => Reads + Lists + Associations + Methods;
}
