using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>Forecasts over the wire, from what real campaigns on scripted agents have measured.</summary>
public sealed class ForecastTests : CoordinatorTest
{
    private const long MiB = 1 << 20;

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await AddAgentAsync("hv-west-02", "sql-02");
        foreach (var machine in Agents.SelectMany(agent => agent.Machines))
        {
            machine.DiskBytes = 100 * MiB;
        }

        await StartCoordinatorAsync();
    }

    [Fact]
    public async Task Without_a_rate_the_plan_comes_with_what_is_missing_by_name()
    {
        Agents[0].Machines[0].DiskBytes = 0;

        var plan = await PlanAsync(null);

        plan.ItemCount.ShouldBe(3);
        plan.Forecast.Missing.Select(fact => (fact.What, fact.Count)).ShouldBe([("failback rate", 0), ("disk size", 1)]);
        plan.Forecast.Missing[1].Examples.ShouldBe(["sql-01 on hv-west-01"]);
        (plan.Forecast.DurationP50, plan.Forecast.DurationP90, plan.Forecast.Basis).ShouldBe((null, null, string.Empty));
    }

    [Fact]
    public async Task With_an_assumed_rate_the_forecast_is_whole()
    {
        var start = TimeProvider.System.GetUtcNow().AddDays(1);

        var forecast = (await PlanAsync(new ForecastAssumptions { Rate = new RateRange { LowBytesPerSecond = MiB }, StartTime = start.ToTimestamp() }, "limits: {host: 1}")).Forecast;

        forecast.DurationP50.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(200));
        forecast.StartTime.ToDateTimeOffset().ShouldBe(start, TimeSpan.FromMilliseconds(1));
        forecast.Waves.ShouldHaveSingleItem().EndP90.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(200));
        forecast.Changes.ShouldHaveSingleItem().Description.ShouldBe("limits.host 1 → 2");
        forecast.Limits.ShouldContain(limit => limit.Limit == "host" && limit.Allowed == 1 && limit.Full == 2);
    }

    [Fact]
    public async Task What_an_earlier_campaign_measured_is_the_basis_of_the_next()
    {
        Agents[0].Holds = Agents[1].Holds = _ => true;
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign("earlier"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 3, "three items to run");
        foreach (var operation in Agents.SelectMany(agent => agent.Operations.Values))
        {
            operation.Succeed();
        }

        await Coordinator.WatchToEndAsync(campaign.Name);
        var forecast = (await PlanAsync(null)).Forecast;

        forecast.Missing.ShouldBeEmpty();
        forecast.Basis.ShouldStartWith("3 measured failbacks on 2 hosts");
        forecast.DurationP50.ShouldNotBeNull();
        forecast.DurationP90.ToTimeSpan().ShouldBeGreaterThanOrEqualTo(forecast.DurationP50.ToTimeSpan());
    }

    [Fact]
    public async Task A_running_campaign_tells_how_long_it_still_takes_once_three_items_were_measured()
    {
        Agents[0].Holds = Agents[1].Holds = _ => true;
        await AddAgentAsync("hv-west-03", "sql-03");
        Agents[2].Holds = _ => true;
        await Coordinator.DisposeAsync();
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 3}"));
        var running = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 4, "four items to run");
        running.Campaign.RemainingP50.ShouldBeNull();

        foreach (var operation in Agents.Take(2).SelectMany(agent => agent.Operations.Values))
        {
            operation.Succeed();
        }

        var told = await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.RemainingP50 is not null, "the remaining time");
        told.Campaign.RemainingBasis.ShouldStartWith("3 measured failbacks on 2 hosts");
        told.Campaign.RemainingP90.ToTimeSpan().ShouldBeGreaterThanOrEqualTo(told.Campaign.RemainingP50.ToTimeSpan());

        Agents[2].Operation("sql-03").Succeed();
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.RemainingP50.ShouldBeNull();
    }

    [Fact]
    public async Task Assumptions_that_cannot_be_are_all_told_at_once()
    {
        var wrong = new ForecastAssumptions
        {
            Rate = new RateRange { LowBytesPerSecond = 5, HighBytesPerSecond = 4 },
            DiskBytes = -1,
            Links = { new LinkBandwidth { Site = "west", BytesPerSecond = 0 } },
        };

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => PlanAsync(wrong)));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.InvalidArgument, "INVALID_REQUEST"));
        failure.FieldViolations.Select(violation => violation.Field).ShouldBe(
            ["assumptions.rate.high_bytes_per_second", "assumptions.disk_bytes", "assumptions.links[0].bytes_per_second", "assumptions.links[0]"]);
    }

    [Fact]
    public async Task Assumptions_without_a_forecast_are_refused()
    {
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest
        {
            Document = new CampaignDocument { Text = Yaml.Campaign() },
            Assumptions = new ForecastAssumptions { DiskBytes = 1 },
        }).ResponseAsync));

        failure.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("assumptions");
    }

    [Theory]
    [InlineData(false, 60, "is set without forecast, which answers it")]
    [InlineData(true, -60, "it must be after the start")]
    public async Task Time_to_be_home_by_that_cannot_be_answered_is_refused(bool forecast, int inMinutes, string why)
    {
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest
        {
            Document = new CampaignDocument { Text = Yaml.Campaign() },
            Forecast = forecast,
            HomeBy = DateTimeOffset.UtcNow.AddMinutes(inMinutes).ToTimestamp(),
        }).ResponseAsync));

        failure.FieldViolations.ShouldHaveSingleItem().ShouldSatisfyAllConditions(violation => violation.Field.ShouldBe("home_by"), violation => violation.Description.ShouldContain(why));
    }

    [Fact]
    public async Task Time_to_be_home_by_is_answered_with_the_smallest_change_that_does_it()
    {
        var request = new PlanCampaignRequest
        {
            Document = new CampaignDocument { Text = Yaml.Campaign(spec: "limits: {host: 1}") },
            Forecast = true,
            Assumptions = new ForecastAssumptions { Rate = new RateRange { LowBytesPerSecond = 1 << 20 }, DiskBytes = 100L << 20 },
        };
        var asPlanned = (await Coordinator.Campaigns.PlanCampaignAsync(request)).Forecast;
        request.HomeBy = DateTimeOffset.UtcNow.AddDays(30).ToTimestamp();

        asPlanned.Deadline.ShouldBeNull();
        (await Coordinator.Campaigns.PlanCampaignAsync(request)).Forecast.Deadline.ShouldSatisfyAllConditions(
            deadline => deadline.Met.ShouldBeTrue(), deadline => deadline.HomeBy.ShouldBe(request.HomeBy), deadline => deadline.Change.ShouldBeNull());
    }

    private async Task<CampaignPlan> PlanAsync(ForecastAssumptions? assumptions, params string[] spec) => await Coordinator.Campaigns.PlanCampaignAsync(new PlanCampaignRequest
    {
        Document = new CampaignDocument { Text = Yaml.Campaign(spec: spec) },
        Forecast = true,
        Assumptions = assumptions,
    });
}
