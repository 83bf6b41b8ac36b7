using FsCheck.Xunit;
using HostAgent.Campaigns.Forecast;

namespace HostAgent.Campaigns.Tests.Forecast;

public sealed class VirtualLinkTests
{
    [Fact]
    public void A_failback_alone_on_a_wide_link_takes_its_own_time()
    {
        var link = new VirtualLink(bandwidth: 10);
        link.Begin(step: 3, seconds: 7, rate: 10, now: 5);

        link.NextEnd.ShouldBe(12);
        link.End().ShouldBe(3);
        link.WasFull.ShouldBeFalse();
        link.NextEnd.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Those_that_want_twice_what_there_is_go_at_half_speed_until_one_has_ended()
    {
        var link = new VirtualLink(bandwidth: 10);
        link.Begin(step: 1, seconds: 4, rate: 10, now: 0);
        link.Begin(step: 2, seconds: 6, rate: 10, now: 2);

        // The first has 2 s of work left at half speed; then 4 s of the second are left at full speed.
        (link.NextEnd, link.End()).ShouldBe((6, 1));
        (link.NextEnd, link.End()).ShouldBe((10, 2));
        link.WasFull.ShouldBeTrue();
    }

    [Property(MaxTest = 300)]
    public void It_ends_what_a_step_by_step_reckoning_ends_and_then(byte[] arrivals)
    {
        var work = arrivals.Take(12).Select((value, item) => (Item: item, Seconds: 1 + (value % 7), Rate: 1 + (value % 5), At: item * (value % 3))).OrderBy(one => one.At).ToList();
        var link = new VirtualLink(bandwidth: 6);
        var ends = new Dictionary<int, double>();
        foreach (var (item, seconds, rate, at) in work)
        {
            EndUntil(at);
            link.Begin(item, seconds, rate, at);
        }

        EndUntil(double.MaxValue);

        foreach (var (item, end) in Reckon(work))
        {
            ends[item].ShouldBe(end, tolerance: 0.02);
        }

        void EndUntil(double time)
        {
            while (link.NextEnd <= time)
            {
                var end = link.NextEnd;
                ends.Add(link.End(), end);
            }
        }
    }

    /// <summary>Small steps of time, in each of which everything under way gets its share.</summary>
    private static Dictionary<int, double> Reckon(List<(int Item, int Seconds, int Rate, int At)> work)
    {
        const double Step = 0.001;
        var left = new Dictionary<int, double>();
        var ends = new Dictionary<int, double>();
        for (var step = 0; ends.Count < work.Count; step++)
        {
            var now = step * Step;
            foreach (var one in work.Where(one => one.At <= now && !left.ContainsKey(one.Item)))
            {
                left.Add(one.Item, one.Seconds);
            }

            var under = work.Where(one => left.ContainsKey(one.Item) && !ends.ContainsKey(one.Item)).ToList();
            var demand = under.Sum(one => one.Rate);
            foreach (var one in under)
            {
                left[one.Item] -= Step * (demand <= 6 ? 1 : 6.0 / demand);
                if (left[one.Item] <= 0)
                {
                    ends.Add(one.Item, now + Step);
                }
            }
        }

        return ends;
    }
}
