using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Failback.Demo;

namespace HostAgent.Failback.Tests.Demo;

public sealed class DemoSummaryTests
{
    [Theory]
    [InlineData(4, 4, 0, 0, true)]
    [InlineData(3, 3, 0, 0, false)]
    [InlineData(4, 3, 0, 0, false)]
    [InlineData(4, 4, 1, 0, false)]
    [InlineData(4, 4, 0, 1, false)]
    public void Only_what_the_hosts_show_makes_a_demo_host_to_host_succeed(int home, int isProtected, int doubleRunning, int lostWrites, bool expected)
        => DemoSummary.Of(Completed(4), hosts: 2, initiations: 0, new PairCounts(home, isProtected, doubleRunning, lostWrites)).IsPerfect.ShouldBe(expected);

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Without_pairs_it_is_one_initiation_for_each_machine(long initiations, bool expected)
    {
        var summary = DemoSummary.Of(Completed(4), hosts: 2, initiations, pairs: null);

        summary.IsPerfect.ShouldBe(expected);
        summary.ToJson().ShouldNotContain("lost_writes");
    }

    private static Campaign Completed(int machines) => new()
    {
        State = CampaignState.Completed,
        Counts = new ItemCounts { Total = machines, Succeeded = machines },
        StartTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
        EndTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddSeconds(30)),
    };
}
