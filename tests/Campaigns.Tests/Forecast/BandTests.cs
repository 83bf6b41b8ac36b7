using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>Where the spread of a forecast comes from.</summary>
public sealed class BandTests
{
    private static readonly EstateHost[] Hosts = [.. Enumerable.Range(1, 6).Select(host => Question.Host($"hv-{host}: a{host}=100 b{host}=100 c{host}=100"))];

    [Fact]
    public void Measured_rates_give_a_band_and_its_basis()
    {
        var forecast = Measured(20, 40, 60, 80).Ask();

        var band = forecast.Duration.ShouldNotBeNull();
        band.P50.ShouldBeLessThan(band.P90);
        forecast.Basis.ShouldBe("4 measured failbacks on 1 hosts: 20 MiB/s to 80 MiB/s of disk size, median 60 MiB/s.");
        forecast.Runs.ShouldBe(101);
    }

    [Fact]
    public void The_same_question_gets_the_same_answer()
    {
        var (first, second) = (Measured(20, 40, 60, 80).Ask(), Measured(20, 40, 60, 80).Ask());

        second.Duration.ShouldBe(first.Duration);
        second.Waves.ShouldBe(first.Waves);
        second.Changes.ShouldBe(first.Changes);
    }

    [Fact]
    public void The_more_was_measured_the_narrower_the_band()
    {
        double[] rates = [20, 40, 60, 80];
        var few = Measured(rates).Ask().Duration!.Value;
        var many = Measured([.. Enumerable.Repeat(rates, 500).SelectMany(same => same)]).Ask().Duration!.Value;

        (many.P90 - many.P50).ShouldBeLessThan(few.P90 - few.P50);
    }

    [Fact]
    public void A_host_that_was_measured_often_is_forecast_by_its_own_rates()
    {
        var request = Question.About("limits: {host: 1}", Question.Host("slow: a=100"));
        RateSample[] samples = [.. Enumerable.Repeat(Question.Sample("slow", 1), 8), .. Enumerable.Repeat(Question.Sample("fast", 100), 50)];

        (request with { Assumptions = ForecastAssumptions.None, Samples = samples }).Ask().Duration!.Value.P50.ShouldBe(Question.Seconds(100));
    }

    [Fact]
    public void An_assumed_range_is_one_rate_for_all_machines_and_another_in_each_run()
    {
        var request = Question.About("limits: {host: 1}", Question.Host("hv-1: a=100"));

        var forecast = (request with { Assumptions = new ForecastAssumptions { Rate = new RateRange(Question.MiB, 3 * Question.MiB) } }).Ask();

        var band = forecast.Duration.ShouldNotBeNull();
        band.P50.TotalSeconds.ShouldBe(50, tolerance: 1);
        band.P90.TotalSeconds.ShouldBe(100 / 1.2, tolerance: 1);
        forecast.Basis.ShouldStartWith("An assumed rate from 1 MiB/s to 3 MiB/s of disk size");
    }

    [Fact]
    public void An_assumed_rate_takes_the_place_of_measured_ones_and_says_so()
    {
        var forecast = (Measured(20, 40) with { Assumptions = Question.OneMebibyteASecond }).Ask();

        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(300));
        forecast.Basis.ShouldEndWith("2 measured rates were set aside for it.");
    }

    private static ForecastRequest Measured(params double[] rates) => Question.About("limits: {host: 1}", Hosts) with
    {
        Assumptions = ForecastAssumptions.None,
        Samples = [.. rates.Select(rate => Question.Sample("hv-0", rate))],
    };
}
