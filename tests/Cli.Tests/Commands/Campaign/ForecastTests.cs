using Google.Protobuf.WellKnownTypes;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class ForecastTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.Write("campaign.yaml", "kind: Campaign");

    [Fact]
    public async Task What_is_assumed_is_asked_for()
    {
        Answer(Whole());

        (await _failback.RunAsync(
            "campaign", "plan", File, "--forecast", "--assume-rate", "100MiB/s..300MiB/s", "--assume-size", "100GiB",
            "--assume-link", "10Gbit/s", "--assume-link", "west:east=1Gbit/s", "--at", "2026-11-21T22:00:00Z")).ShouldBe(ExitCode.Success, _failback.Error);

        var request = coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBeOfType<PlanCampaignRequest>();
        request.Forecast.ShouldBeTrue();
        request.Assumptions.ShouldBe(new ForecastAssumptions
        {
            Rate = new RateRange { LowBytesPerSecond = 100 << 20, HighBytesPerSecond = 300 << 20 },
            DiskBytes = 100L << 30,
            Links =
            {
                new LinkBandwidth { BytesPerSecond = 1_250_000_000 },
                new LinkBandwidth { Site = "west", PrimarySite = "east", BytesPerSecond = 125_000_000 },
            },
            StartTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero)),
        });
    }

    [Fact]
    public async Task Nothing_is_assumed_by_itself()
    {
        Answer(Whole());

        (await _failback.RunAsync("campaign", "plan", File, "--forecast")).ShouldBe(ExitCode.Success, _failback.Error);

        coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBeOfType<PlanCampaignRequest>().Assumptions.ShouldBeNull();
    }

    [Fact]
    public async Task The_forecast_has_its_band_its_basis_a_chart_and_what_would_help()
    {
        Answer(Whole());

        await _failback.RunAsync("campaign", "plan", File, "--forecast");

        _failback.OutputLines.ShouldBe(
        [
            "0 virtual machines on 0 hosts, in 0 waves.",
            "WAVE  ITEMS  HOSTS  GATE",
            "Forecast: 4:00:00 (p50) to 5:00:00 (p90) from 2026-11-21T22:00:00Z, over 101 runs.",
            "  Basis:      12 measured failbacks.",
            "  Bottleneck: limits.host 4 → 8 would take 2h30m instead of 4h.",
            "  Assumed:    Every failback succeeds.",
            "WAVE      START  END P50  END P90  0 to 5:00:00",
            "canary     0:00  1:00:00  1:15:00  ██████████░░",
            "rest    1:00:00  4:00:00  5:00:00            ████████████████████████████░░░░░░░░░░",
            "LIMIT     ALLOWED  PEAK  FULL",
            "campaign       50    16  no",
            "host            4     4  3 of 4",
            "WITH                   P50",
            "limits.host 4 → 8  2:30:00",
        ]);
    }

    [Fact]
    public async Task A_refused_forecast_names_what_is_missing_and_fails()
    {
        var forecast = new Forecast();
        forecast.Missing.Add(new MissingFact { What = "disk size", Explanation = "The hosts do not tell it.", Count = 3, Examples = { "a on hv-1", "b on hv-1" } });
        Answer(forecast);

        (await _failback.RunAsync("campaign", "plan", File, "--forecast")).ShouldBe(ExitCode.Failed);

        _failback.OutputLines.ShouldContain("  disk size: The hosts do not tell it. They are a on hv-1, b on hv-1, ….");
    }

    [Fact]
    public async Task A_campaign_that_would_not_end_says_why_and_fails()
    {
        Answer(new Forecast { Stuck = "6 items failed; 5 are tolerated.", Runs = 1 });

        (await _failback.RunAsync("campaign", "plan", File, "--forecast")).ShouldBe(ExitCode.Failed);

        _failback.Output.ShouldContain("would not finish on its own. 6 items failed");
    }

    [Fact]
    public async Task Time_to_be_home_by_is_answered_and_fails_when_it_is_not_met()
    {
        var whole = Whole();
        whole.Deadline = new ForecastDeadline { HomeBy = Timestamp.FromDateTimeOffset(Some.Start.AddHours(3)), Answer = "Not as planned: it takes 5h. The smallest change that does it is limits.host 4 → 7: 2h55m." };
        Answer(whole);

        (await _failback.RunAsync("campaign", "plan", File, "--forecast", "--home-by", "2026-11-22T06:00:00+01:00")).ShouldBe(ExitCode.Failed);

        _failback.Output.ShouldContain("? No. Not as planned: it takes 5h. The smallest change that does it is limits.host 4 → 7: 2h55m.");
        coordinator.Campaigns.Requests.OfType<PlanCampaignRequest>().Last().HomeBy.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 11, 22, 5, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("--home-by", "06:00")]
    [InlineData("--assume-rate", "200")]
    [InlineData("--assume-rate", "0MiB/s")]
    [InlineData("--assume-rate", "3MiB/s..1MiB/s")]
    [InlineData("--assume-size", "100")]
    [InlineData("--assume-link", "west=10Gbit/s")]
    [InlineData("--assume-link", "west:=10Gbit/s")]
    [InlineData("--at", "tomorrow")]
    public async Task A_wrong_assumption_is_answered_with_what_is_allowed(string option, string value)
    {
        (await _failback.RunAsync("campaign", "plan", File, "--forecast", option, value)).ShouldBe(ExitCode.Invalid);

        _failback.Error.ShouldContain(option);
        _failback.Error.ShouldContain($"\"{value}\"");
        coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_assumption_without_a_forecast_is_refused()
    {
        (await _failback.RunAsync("campaign", "plan", File, "--assume-rate", "200MiB/s")).ShouldBe(ExitCode.Invalid);

        _failback.Error.ShouldContain("add --forecast");
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    private static Forecast Whole() => new()
    {
        DurationP50 = Hours(4),
        DurationP90 = Hours(5),
        Basis = "12 measured failbacks.",
        Bottleneck = "limits.host 4 → 8 would take 2h30m instead of 4h.",
        StartTime = Timestamp.FromDateTimeOffset(Some.Start),
        Runs = 101,
        Assumed = { "Every failback succeeds." },
        Waves =
        {
            new ForecastWave { Name = "canary", StartP50 = Hours(0), StartP90 = Hours(0), EndP50 = Hours(1), EndP90 = Hours(1.25) },
            new ForecastWave { Name = "rest", StartP50 = Hours(1), StartP90 = Hours(1.25), EndP50 = Hours(4), EndP90 = Hours(5) },
        },
        Limits =
        {
            new ForecastLimit { Limit = "campaign", Allowed = 50, Peak = 16, Keys = 1 },
            new ForecastLimit { Limit = "host", Allowed = 4, Peak = 4, Keys = 4, Full = 3 },
        },
        Changes = { new ForecastChange { Limit = "host", Description = "limits.host 4 → 8", Duration = Hours(2.5) } },
    };

    private static Duration Hours(double hours) => TimeSpan.FromHours(hours).ToDuration();

    private void Answer(Forecast forecast) => coordinator.Campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => new CampaignPlan { Forecast = forecast });
}
