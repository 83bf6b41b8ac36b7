namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>Which writes of a machine are where.</summary>
/// <param name="FirstHasAll">The first host has every write that the second has.</param>
/// <param name="SecondHasAll">The second host has every write that the first has.</param>
/// <param name="FirstIsMixed">The first host's disks have parts of two histories, and must not be started.</param>
/// <param name="SecondIsMixed">The second host's disks have.</param>
public sealed record PairContent(bool FirstHasAll, bool SecondHasAll, bool FirstIsMixed, bool SecondIsMixed)
{
    /// <summary>Whether it runs on the first host now.</summary>
    public bool FirstRuns { get; init; }

    /// <summary>Whether it runs on the second host now.</summary>
    public bool SecondRuns { get; init; }

    /// <summary>For how long both have run at once, in the last hundred runs of each.</summary>
    public TimeSpan BothRan { get; init; }

    /// <summary>How much of what was written in those runs is not on the first host's disks: lost, if it is the one that goes on.</summary>
    public TimeSpan FirstLacks { get; init; }

    /// <summary>How much of what was written in those runs is not on the second host's disks.</summary>
    public TimeSpan SecondLacks { get; init; }

    /// <summary>How often it has begun to run on the first host, up to a hundred.</summary>
    public int FirstRunCount { get; init; }

    /// <summary>How often it has begun to run on the second host, up to a hundred.</summary>
    public int SecondRunCount { get; init; }

    /// <summary>For how long it has run on neither host since the first of those runs.</summary>
    public TimeSpan NeitherRan { get; init; }

    /// <summary>Whether it runs on one of the hosts alone, and its changes flow to the other.</summary>
    public bool IsProtected { get; init; }
}
