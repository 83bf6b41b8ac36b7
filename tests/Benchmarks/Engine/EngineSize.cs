namespace HostAgent.Benchmarks.Engine;

/// <summary>How much is measured at once.</summary>
/// <param name="Items">The items of a campaign; ten of them stand on each host.</param>
/// <param name="Campaigns">How many random campaigns one after the other, so that small ones give enough to measure too.</param>
internal sealed record EngineSize(int Items, int Campaigns)
{
    /// <summary>Whether the items go home host to host, each over two hosts and in two steps.</summary>
    public bool Pairs { get; init; }

    public static readonly IReadOnlyList<EngineSize> All = [new(1_000, 20), new(10_000, 2), new(100_000, 1)];

    public static readonly IReadOnlyList<EngineSize> Quick = [new(100, 2), new(200, 1)];

    public int Hosts => Items / 10;

    /// <summary>After so many inputs a campaign is left as it stands.</summary>
    public int MostInputs => Items * 10;
}
