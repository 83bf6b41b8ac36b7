using System.Globalization;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>Whether every machine is home by a time, and the smallest change of a limit that does it.</summary>
public sealed class HomeByTests
{
    [Fact]
    public void Nobody_asks_and_nothing_is_answered()
        => Question.Ask("limits: {host: 1}", Hosts(1, machines: 8)).Deadline.ShouldBeNull();

    [Fact]
    public void Plan_that_ends_in_time_needs_no_change()
    {
        var deadline = Ask("limits: {host: 1}", 81, Hosts(1, machines: 8));

        deadline.ShouldSatisfyAllConditions(
            () => deadline.IsMet.ShouldBeTrue(),
            () => deadline.Change.ShouldBeNull(),
            () => deadline.Answer.ShouldBe("Nine of ten runs end by then; it takes 1m20s."));
    }

    [Theory]
    [InlineData(79, 2, 40)]
    [InlineData(40, 2, 40)]
    [InlineData(39, 3, 30)]
    [InlineData(12, 8, 10)]
    public void Smallest_number_that_does_it_is_found_and_one_less_does_not(int seconds, int allowed, int takes)
    {
        var deadline = Ask("limits: {host: 1}", seconds, Hosts(1, machines: 8));

        deadline.Change.ShouldBe(new ForecastChange("host", string.Create(CultureInfo.InvariantCulture, $"limits.host 1 → {allowed}"), Question.Seconds(takes)));
        deadline.Answer.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"Not as planned: it takes 1m20s. The smallest change that does it is limits.host 1 → {allowed}: {takes}s."));
        Question.Ask(string.Create(CultureInfo.InvariantCulture, $"limits: {{host: {allowed - 1}}}"), Hosts(1, machines: 8)).Duration!.Value.P90.ShouldBeGreaterThan(Question.Seconds(seconds));
    }

    [Fact]
    public void Limit_that_was_reached_and_does_not_do_it_is_not_named()
        => Ask("limits: {campaign: 6, host: 2}", 20, Hosts(4, machines: 4)).Change!.Description.ShouldBe("limits.campaign 6 → 8");

    [Fact]
    public void Limits_that_do_it_only_together_are_named_together()
    {
        var deadline = Ask("limits: {campaign: 4, host: 1}", 50, Hosts(4, machines: 8));

        deadline.Change.ShouldBe(new ForecastChange("campaign+host", "limits.campaign 4 → 8, limits.host 1 → 2", Question.Seconds(40)));
        deadline.Answer.ShouldContain("no limit alone does it");
    }

    [Fact]
    public void Time_that_no_limit_reaches_is_said_to_be_out_of_reach()
    {
        var deadline = Ask("limits: {host: 1}", 9, Hosts(1, machines: 8));

        deadline.ShouldSatisfyAllConditions(
            () => deadline.IsMet.ShouldBeFalse(),
            () => deadline.Change.ShouldBeNull(),
            () => deadline.Answer.ShouldBe("No change of a limit does it: it takes 1m20s, and 10s with none of the limits that were reached. Start earlier, or take fewer machines."));
    }

    [Fact]
    public void Limit_of_services_that_are_down_at_once_is_a_limit_like_the_others()
        => Ask("strategy: {name: host-to-host, outage: automatic, rehearse: false}\nlimits: {host: 10, switch: 1}", 600, Pairs(4)).Change!.Description.ShouldBe("limits.switch 1 → 2");

    private static ForecastDeadline Ask(string spec, double seconds, EstateHost[] hosts)
        => (Question.About(spec, hosts) with { HomeBy = Harness.Scenario.Begin + Question.Seconds(seconds) }).Ask().Deadline.ShouldNotBeNull();

    private static EstateHost[] Pairs(int machines)
    {
        var recovery = Question.Host($"w1: {string.Join(' ', Enumerable.Range(0, machines).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{machine}=100")))}");
        return
        [
            recovery with { VirtualMachines = [.. recovery.VirtualMachines.Select(machine => machine with { Mode = ReplicaMode.Replica })] },
            new EstateHost { Name = "e1", Site = "east", VirtualMachines = [.. recovery.VirtualMachines.Select(machine => machine with { IneligibleReason = "production does not run here" })] },
        ];
    }

    private static EstateHost[] Hosts(int hosts, int machines) => [.. Enumerable.Range(1, hosts).Select(host => Question.Host(
        string.Create(CultureInfo.InvariantCulture, $"hv-{host}: ")
        + string.Join(' ', Enumerable.Range(1, machines).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{host}-{machine}=10")))))];
}
