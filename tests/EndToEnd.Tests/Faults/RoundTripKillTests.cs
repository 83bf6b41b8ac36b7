using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using static HostAgent.EndToEnd.Tests.Faults.ReturnKillTests;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>As <see cref="ReturnKillTests"/>, of machines that are moved to the recovery site and home again; a class of its own, so that both run at once.</summary>
public sealed class RoundTripKillTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds => [.. KillSeeds.Asked];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Machines_go_to_the_recovery_site_and_back_once_and_whole_whatever_is_killed(int seed)
    {
        var estate = EstateGenerator.GeneratePairs(1, Machines, seed, PairScenario.Replicating);
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await OpenAsync(cluster, estate);
        var random = new Random(seed);

        var there = await MoveAsync(cluster, pair, pair.First, pair.Second, MachinesOf(pair), random, _ => { });
        foreach (var (id, end) in there.Ends)
        {
            var content = pair.Compare(id);
            output.WriteLine($"there {seed} {await ShownAsync(cluster, pair.Second, id, end)}, both ran {content.BothRan}, the recovery site lacks {content.SecondLacks}; {string.Join(", ", there.Broken)}");
            content.BothRan.ShouldBe(TimeSpan.Zero, $"{end.VirtualMachineName} ran twice");
            if (IsThere(end))
            {
                content.SecondLacks.ShouldBe(TimeSpan.Zero, $"{end.VirtualMachineName} went without all its writes");
                content.SecondIsMixed.ShouldBeFalse();
            }
        }

        var back = await MoveAsync(cluster, pair, pair.Second, pair.First, [.. there.Ends.Where(one => IsThere(one.End)).Select(one => one.Machine)], random, _ => { });
        foreach (var (id, end) in back.Ends)
        {
            var content = pair.Compare(id);
            output.WriteLine($"back {seed} {await ShownAsync(cluster, pair.First, id, end)}, both ran {content.BothRan}, home lacks {content.FirstLacks}; {string.Join(", ", back.Broken)}");
            content.BothRan.ShouldBe(TimeSpan.Zero, $"{end.VirtualMachineName} ran twice");
            if (IsThere(end))
            {
                content.FirstLacks.ShouldBe(TimeSpan.Zero, $"{end.VirtualMachineName} came back without all its writes");
                content.FirstIsMixed.ShouldBeFalse();
            }
        }
    }
}
