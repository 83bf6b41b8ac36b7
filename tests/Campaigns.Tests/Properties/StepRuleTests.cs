using System.Globalization;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.Tests.Forecast;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Rules;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>
/// Rule 13: every step counts at its own host. Random campaigns of items with two steps, each on a host of its own: what a limit reaches is never
/// above its peak in the plan, and a forecast is never shorter than what its busiest host must do.
/// </summary>
public sealed class StepRuleTests
{
    private const int Cases = 300;

    [Fact]
    public void Rule_13_nothing_reaches_more_than_its_peak()
        => EachCase(world => world.CheckPeaks(seen => seen));

    [Fact]
    public void Rule_13_a_forecast_takes_every_step_on_its_host()
        => EachCase(world => world.CheckForecast(seen => seen));

    [Fact]
    public void Rule_13_is_noticed_when_the_peaks_look_at_first_steps_only()
        => Broken(world => world.CheckPeaks(FirstStepsOnly)).ShouldBeGreaterThan(0, "mutant: 13 the peaks look at first steps only");

    [Fact]
    public void Rule_13_is_noticed_when_a_forecast_looks_at_first_steps_only()
        => Broken(world => world.CheckForecast(FirstStepsOnly)).ShouldBeGreaterThan(0, "mutant: 13 the forecast looks at first steps only");

    [Fact]
    public void A_peak_counts_an_item_once_however_many_steps_it_has_in_one_place()
    {
        var world = new StepWorld(seed: 1, hosts: 2, limits: new LimitsSpec { Campaign = Amount.Count(100), Host = null });

        LimitPeaks.Of(world.Spec, world.Plan.Items).ShouldHaveSingleItem().Peak.ShouldBe(world.Plan.Items.Count);
    }

    private static void EachCase(Action<StepWorld> check)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            check(new StepWorld(seed));
        }
    }

    private static int Broken(Action<StepWorld> check)
    {
        return Enumerable.Range(0, Cases).Count(Breaks);

        bool Breaks(int seed)
        {
            try
            {
                check(new StepWorld(seed));
                return false;
            }
            catch (RuleBrokenException)
            {
                return true;
            }
        }
    }

    private static PlannedItem FirstStepsOnly(PlannedItem item) => item with { Steps = null };

    private sealed class StepWorld
    {
        private readonly Random _random;

        public StepWorld(int seed, int? hosts = null, LimitsSpec? limits = null)
        {
            _random = new Random(seed);
            var names = Enumerable.Range(0, hosts ?? _random.Next(2, 6)).Select(host => string.Create(CultureInfo.InvariantCulture, $"h{host}")).ToList();
            Amount? Maybe(int most) => _random.Next(2) == 0 ? Amount.Count(_random.Next(1, most + 1)) : null;
            var estate = names.Select((name, index) => Question.Host(
                $"{name}: {string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{index}-{machine}={_random.Next(1, 100)}")))}",
                index % 2 == 0 ? "west" : "south",
                index % 3 == 0 ? "north" : "east",
                index % 2 == 0 ? "blue" : "red")).ToArray();
            var request = Question.About(string.Empty, estate);
            Spec = request.Spec with
            {
                Limits = limits ?? new LimitsSpec { Campaign = Maybe(8), Host = Maybe(4), Site = Maybe(6), Link = Maybe(5), Tenant = Maybe(6) },
            };
            var steps = estate.ToDictionary(host => host.Name, host => new PlannedStep(StepKind.InitiateFailback, host.Name) { Site = host.Site, PrimarySite = host.PrimarySite, Tenant = host.Tenant });
            Plan = request.Plan with
            {
                Items = [.. request.Plan.Items.Select(item => item with { Steps = [item.StepAt(0), steps[names[_random.Next(names.Count)]]] })],
            };
            Request = request with { Spec = Spec, Plan = Plan };
        }

        public CampaignSpec Spec { get; }

        public CampaignPlan Plan { get; }

        private ForecastRequest Request { get; }

        /// <summary>Runs the campaign, ending steps in any order, and compares what is in flight with the peaks of the plan.</summary>
        public void CheckPeaks(Func<PlannedItem, PlannedItem> seen)
        {
            var peaks = LimitPeaks.Of(Spec, [.. Plan.Items.Select(seen)]).ToDictionary(peak => (peak.Limit, peak.Key), peak => peak.Peak);
            var machine = new CampaignMachine();
            machine.Handle(new CreateCampaign(Guid.Empty, Spec, Plan, string.Empty, "ann"), Scenario.Begin);
            machine.Handle(new StartCampaign(null, "ann"), Scenario.Begin);
            for (var state = machine.State; state.Status != CampaignStatus.Completed;)
            {
                var flying = state.Items.Where(item => item.IsInFlight).ToList();
                Must("campaign", [string.Empty, .. Enumerable.Repeat(string.Empty, flying.Count - 1)]);
                Must("host", flying.Select(item => item.Host.Name));
                Must("site", flying.Select(item => item.Planned.StepAt(item.Step).Site));
                Must("link", flying.Select(item => $"{item.Planned.StepAt(item.Step).Site} → {item.Planned.StepAt(item.Step).PrimarySite}"));
                Must("tenant", flying.Select(item => item.Planned.StepAt(item.Step).Tenant));
                var ended = flying[_random.Next(flying.Count)];
                machine.Handle(new AttemptSucceeded(ended.Id, ended.Attempt, WithWarnings: false, string.Empty), Scenario.Begin);
            }

            void Must(string limit, IEnumerable<string> keys)
            {
                foreach (var key in keys.GroupBy(key => key, StringComparer.Ordinal))
                {
                    if (peaks.Keys.Any(known => known.Limit == limit) && key.Count() > peaks.GetValueOrDefault((limit, key.Key)))
                    {
                        throw new RuleBrokenException(string.Create(CultureInfo.InvariantCulture, $"{limit} {key.Key} has {key.Count()} in flight; its peak is {peaks.GetValueOrDefault((limit, key.Key))}"));
                    }
                }
            }
        }

        /// <summary>At one mebibyte a second: never shorter than the busiest host or the longest item, never longer than all steps one after the other.</summary>
        public void CheckForecast(Func<PlannedItem, PlannedItem> seen)
        {
            var agents = Plan.Items.Select(item => item.StepAt(1).Host).Distinct(StringComparer.Ordinal).ToDictionary(host => host, _ => _random.Next(1, 3), StringComparer.OrdinalIgnoreCase);
            var forecast = (Request with { Plan = Plan with { Items = [.. Plan.Items.Select(seen)] }, AgentLimits = agents }).Ask();
            var steps = Plan.Items.SelectMany(item => new[] { (item.StepAt(0).Host, Seconds: item.DiskBytes / (double)Question.MiB), (item.StepAt(1).Host, Seconds: item.DiskBytes / (double)Question.MiB) }).ToList();
            var busiest = steps.GroupBy(step => step.Host, StringComparer.Ordinal).Max(host => host.Sum(step => step.Seconds) / agents.GetValueOrDefault(host.Key, Plan.Items.Count));
            var longest = Plan.Items.Max(item => 2 * item.DiskBytes / (double)Question.MiB);
            var took = forecast.Duration!.Value.P50.TotalSeconds;
            if (took < Math.Max(busiest, longest) - 0.001 || took > steps.Sum(step => step.Seconds) + 0.001)
            {
                throw new RuleBrokenException(string.Create(
                    CultureInfo.InvariantCulture, $"the forecast is {took} s; the busiest host needs {busiest} s, the longest item {longest} s, all steps {steps.Sum(step => step.Seconds)} s"));
            }

            var agent = forecast.Limits.FirstOrDefault(limit => limit.Limit == "agent");
            if (agent is null || agent.Peak > agents.Values.Max())
            {
                throw new RuleBrokenException("the agents of the second steps do not limit the forecast");
            }
        }
    }
}
