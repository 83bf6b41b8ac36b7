using System.Diagnostics;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>
/// Rule 12: a campaign of N items costs O(N) memory and O(log N) or better for each input; nothing scans all items. Shown by what sixteen
/// times as many items cost. Of many measurements the least counts, which other work on the machine can only raise.
/// </summary>
/// <remarks>By itself: what another test throws away meanwhile would count as memory given back.</remarks>
[CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
[Collection(nameof(CostTests))]
public sealed class CostTests
{
    private const int Few = 2_000;
    private const int Many = 16 * Few;
    private const int MostGrowth = 5;

    [Fact]
    public void Rule_12_an_input_costs_hardly_more_in_a_campaign_of_sixteen_times_as_many_items()
        => Growth(_ => { }).ShouldBeLessThan(MostGrowth);

    [Fact]
    public void Measurement_notices_a_machine_that_scans_all_items()
        => Growth(machine => machine.State.Items.Count(item => item.IsWaiting).ShouldBeGreaterThan(0)).ShouldBeGreaterThan(MostGrowth);

    [Fact]
    public void Rule_12_memory_grows_with_the_items_and_not_faster()
    {
        var (few, many) = (BytesPerItem(Few), BytesPerItem(Many));

        many.ShouldBeLessThan(1.25 * few);
        many.ShouldBeLessThan(4096);
    }

    private static double Growth(Action<CampaignMachine> alsoDoes) => LeastTime(Many, alsoDoes) / LeastTime(Few, alsoDoes);

    private static double LeastTime(int items, Action<CampaignMachine> alsoDoes)
    {
        const int Batches = 20;
        const int InputsInABatch = 50;
        var (machine, flying) = Started(items);
        var least = double.PositiveInfinity;
        for (var batch = 0; batch < Batches; batch++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var input = 0; input < InputsInABatch; input++)
            {
                var done = flying.Dequeue();
                alsoDoes(machine);
                Take(machine.Handle(new AttemptSucceeded(done.Item, done.Attempt, false, "done"), Scenario.Begin), flying);
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return least;
    }

    private static double BytesPerItem(int items)
    {
        var plan = PlanOf(items);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (machine, _) = Started(plan);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(machine);
        GC.KeepAlive(plan);
        return (double)(after - before) / items;
    }

    private static (CampaignMachine Machine, Queue<StartOperation> Flying) Started(int items) => Started(PlanOf(items));

    private static (CampaignMachine Machine, Queue<StartOperation> Flying) Started((Spec.CampaignSpec Spec, CampaignPlan Plan) planned)
    {
        var machine = new CampaignMachine();
        var flying = new Queue<StartOperation>();
        machine.Handle(new CreateCampaign(Guid.Empty, planned.Spec, planned.Plan, string.Empty, "ann"), Scenario.Begin);
        Take(machine.Handle(new StartCampaign(null, "ann"), Scenario.Begin), flying);
        return (machine, flying);
    }

    private static (Spec.CampaignSpec Spec, CampaignPlan Plan) PlanOf(int items)
    {
        var spec = CampaignDocument.Parse(Scenario.Document("limits: {host: 2, campaign: 200}"), "cost.yaml").Require();
        return (spec, CampaignPlanner.Plan(spec, Estate.Uniform(items / 10, 10)).Plan);
    }

    private static void Take(Outcome outcome, Queue<StartOperation> flying)
    {
        foreach (var initiate in outcome.Effects.OfType<StartOperation>())
        {
            flying.Enqueue(initiate);
        }
    }
}
