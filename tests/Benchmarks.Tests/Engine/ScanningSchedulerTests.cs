using HostAgent.Benchmarks.Engine;
using HostAgent.Campaigns;

namespace HostAgent.Benchmarks.Tests.Engine;

/// <summary>A comparison is worth something only with a scheduler that is right.</summary>
public sealed class ScanningSchedulerTests
{
    [Fact]
    public void Every_item_is_started_once_and_both_limits_hold_throughout()
    {
        var plan = CampaignPlanner.Plan(BenchmarkEstate.Spec, BenchmarkEstate.Of(hosts: 4)).Plan;
        var scheduler = new ScanningScheduler(plan, campaignLimit: 7, hostLimit: 2);
        var inFlight = new List<int>();
        var started = new List<int>();

        var next = scheduler.Start();
        while (true)
        {
            inFlight.AddRange(next);
            started.AddRange(next);
            inFlight.Count.ShouldBeLessThanOrEqualTo(7);
            inFlight.GroupBy(index => plan.Items[index].Host, StringComparer.Ordinal).ShouldAllBe(host => host.Count() <= 2);
            if (inFlight.Count == 0)
            {
                break;
            }

            var ended = inFlight[^1];
            inFlight.RemoveAt(inFlight.Count - 1);
            next = scheduler.End(ended);
        }

        started.Order().ShouldBe(Enumerable.Range(0, plan.Items.Count));
    }
}
