using System.Globalization;

namespace HostAgent.Benchmarks.Allocations;

/// <summary>What an operation allocates, as it was stored. A build without optimisation allocates more: its asynchronous methods are classes.</summary>
/// <param name="Release">Bytes for each in a Release build.</param>
/// <param name="Debug">Bytes for each in a Debug build.</param>
/// <param name="Band">By which share of the stored figure the measured one may differ, for example 0.05; what other threads do meanwhile decides it.</param>
internal sealed record StoredAllocation(double Release, double Debug, double Band)
{
    /// <summary>Bytes for each in one kind of build.</summary>
    public double Of(bool isRelease) => isRelease ? Release : Debug;

    /// <summary>The same with another figure for one kind of build.</summary>
    public StoredAllocation With(bool isRelease, double bytes) => isRelease ? this with { Release = bytes } : this with { Debug = bytes };
}

/// <summary>What was found for one operation.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Stored">Bytes for each, as stored; null when it is new.</param>
/// <param name="Measured">Bytes for each.</param>
/// <param name="Band">By which share they may differ.</param>
internal sealed record AllocationFinding(string Operation, double? Stored, double Measured, double Band)
{
    /// <summary>What is wrong; null when nothing is. Less than stored is wrong too: what is gained here would hide what is lost later.</summary>
    public string? Problem => Stored switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"{Operation}: {Measured:N0} B are allocated for each, and no figure is stored for it."),
        { } stored when Math.Abs(Measured - stored) > stored * Band => string.Create(
            CultureInfo.InvariantCulture,
            $"{Operation}: {Measured:N0} B are allocated for each, {Math.Abs(Measured - stored):N0} B {(Measured > stored ? "more" : "less")} than the stored {stored:N0} B; ±{Band:P1} are tolerated."),
        _ => null,
    };
}

/// <summary>Compares what operations allocate with what they did before.</summary>
internal static class AllocationGate
{
    public static IReadOnlyList<AllocationFinding> Compare(IReadOnlyDictionary<string, StoredAllocation> stored, IReadOnlyDictionary<string, double> measured, bool isRelease) =>
    [
        .. measured.Select(found => stored.TryGetValue(found.Key, out var before)
            ? new AllocationFinding(found.Key, before.Of(isRelease), found.Value, before.Band)
            : new AllocationFinding(found.Key, Stored: null, found.Value, Band: 0)),
    ];
}
