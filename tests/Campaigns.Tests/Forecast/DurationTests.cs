using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>How long campaigns take whose arithmetic can be done by hand.</summary>
public sealed class DurationTests
{
    [Fact]
    public void One_machine_takes_its_size_over_the_rate()
    {
        var forecast = Question.Ask("limits: {host: 1}", Question.Host("hv-1: sql-1=90"));

        forecast.Duration.ShouldBe(new DurationBand(Question.Seconds(90), Question.Seconds(90)));
        forecast.Runs.ShouldBe(1);
        forecast.Missing.ShouldBeEmpty();
    }

    [Fact]
    public void Machines_of_one_host_follow_one_another_where_the_limit_says_so()
        => Question.Ask("limits: {host: 1}", Question.Host("hv-1: a=10 b=20 c=30")).Duration!.Value.P50.ShouldBe(Question.Seconds(60));

    [Fact]
    public void Machines_of_several_hosts_run_beside_one_another()
        => Question.Ask("limits: {host: 1}", Question.Host("hv-1: a=10 b=20"), Question.Host("hv-2: c=25")).Duration!.Value.P50.ShouldBe(Question.Seconds(30));

    [Fact]
    public void Waves_follow_one_another_with_the_soak_between_them()
    {
        var forecast = Question.Ask(
            "waves: [{name: canary, take: 1, gate: {soak: 10m}}, {name: rest}]", Question.Host("hv-1: a=10 b=20"));

        forecast.Waves.Select(wave => (wave.Name, wave.Start.P50, wave.End.P50)).ShouldBe([
            ("canary", Question.Seconds(0), Question.Seconds(10)),
            ("rest", Question.Seconds(610), Question.Seconds(630)),
        ]);
        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(630));
    }

    [Fact]
    public void Readiness_is_taken_as_found_at_once_and_said_so()
    {
        var forecast = Question.Ask("readiness: {required: true}\nlimits: {host: 1}", Question.Host("hv-1: a=10 b=20"));

        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(30));
        forecast.Assumed.ShouldContain("Every machine is found ready at once.");
    }

    [Fact]
    public void An_approval_is_taken_as_given_at_once_and_said_so()
    {
        var forecast = Question.Ask(
            "waves: [{name: canary, take: 1, gate: {approval: {by: [dr-lead]}}}, {name: rest}]", Question.Host("hv-1: a=10 b=20"));

        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(30));
        forecast.Assumed.ShouldContain("Approvals are given as soon as they are due.");
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("pause")]
    public void What_a_window_does_not_let_start_waits_for_it_to_open_again(string onClose)
    {
        // The campaign starts at 20:00 UTC; the window closes ten seconds before the second machine's turn, and opens next day.
        var forecast = Question.Ask(
            $"dependencies: [{{item: {{vm: b}}, after: {{vm: a}}}}]\nwindow: {{opens: '19:00', closes: '20:01', timeZone: Etc/UTC, onClose: {onClose}}}",
            Question.Host("hv-1: a=70 b=5"));

        forecast.Duration!.Value.P50.ShouldBe(TimeSpan.FromHours(23) + Question.Seconds(5));
        forecast.Bottleneck.ShouldStartWith("Waiting for the window and soaks");
        forecast.Assumed.Any(sentence => sentence.Contains("resumes", StringComparison.Ordinal)).ShouldBe(onClose == "pause");
    }

    [Fact]
    public void A_dependency_is_waited_for()
        => Question.Ask("dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]", Question.Host("hv-1: app-1=10"), Question.Host("hv-2: sql-1=40"))
            .Duration!.Value.P50.ShouldBe(Question.Seconds(50));

    [Fact]
    public void A_ramp_is_climbed()
        => Question.Ask("waves: [{name: all, ramp: {start: 1, factor: 2}}]\nlimits: {host: 8}", Question.Host("hv-1: a=10 b=10 c=10 d=10 e=10 f=10 g=10"))
            .Duration!.Value.P50.ShouldBe(Question.Seconds(30), "one, then two, then four");

    [Fact]
    public void An_agent_that_runs_fewer_than_the_document_allows_lets_the_others_wait()
    {
        var request = Question.About("limits: {host: 4}", Question.Host("hv-1: a=10 b=10 c=10 d=10"));

        var forecast = (request with { AgentLimits = new Dictionary<string, int>(StringComparer.Ordinal) { ["hv-1"] = 2 } }).Ask();

        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(20));
        forecast.Limits.ShouldContain(new ForecastLimit("agent", 2, 2, 1, 1));
        forecast.Changes[0].Limit.ShouldBe("agent");
    }

    [Fact]
    public void An_assumed_link_slows_down_those_that_share_it()
    {
        var request = Question.About("limits: {host: 1}", Question.Host("hv-1: a=10"), Question.Host("hv-2: b=10"), Question.Host("hv-3: c=10", "south"));
        var halved = new ForecastAssumptions { Rate = Question.OneMebibyteASecond.Rate, Links = [new LinkBandwidth("West", "east", Question.MiB)] };

        var forecast = (request with { Assumptions = halved }).Ask();

        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(20));
        forecast.Changes[0].ShouldBe(new ForecastChange("bandwidth", "twice the assumed bandwidth of every link", Question.Seconds(10)));
        forecast.Assumed.ShouldContain(sentence => sentence.Contains("West → east carries 1 MiB/s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_that_takes_longer_than_the_timeout_stops_a_campaign_that_tolerates_nothing()
    {
        var forecast = Question.Ask("timeouts: {item: 1m}\nlimits: {host: 1}", Question.Host("hv-1: a=10 giant=100 z=10"));

        forecast.Duration.ShouldBeNull();
        forecast.Stuck.ShouldContain("giant on hv-1 is the first that takes longer than timeouts.item");
        forecast.Basis.ShouldBeEmpty();
    }

    [Fact]
    public void A_machine_that_takes_longer_than_the_timeout_is_settled_late_where_failures_are_tolerated()
        => Question.Ask("timeouts: {item: 1m}\ntolerance: {failures: 1}", Question.Host("hv-1: a=10 giant=100"))
            .Duration!.Value.P50.ShouldBe(Question.Seconds(60), "the campaign has ended when nobody can say any more how the last item ends");

    [Fact]
    public void A_rate_of_ages_does_not_run_for_ever()
    {
        var request = Question.About("timeouts: {item: 90d}\ntolerance: {failures: 1}\nlimits: {host: 1}", Question.Host("hv-1: a=1000000 b=1000000 c=1000000"));

        var forecast = (request with { Assumptions = new ForecastAssumptions { Rate = new RateRange(0.001, 0.001) } }).Ask();

        forecast.Duration.ShouldBeNull();
        forecast.Stuck.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_campaign_without_anything_to_do_has_nothing_to_forecast()
        => Question.Ask("limits: {host: 1}", Question.Host("hv-1: ")).Missing.ShouldHaveSingleItem().What.ShouldBe("items");
}
