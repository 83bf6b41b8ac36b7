using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class SiteBreakerTests
{
    private const string Spec = "tolerance: {failures: 100, perHost: 0}\nlimits: {host: 1}\nretry: {attempts: 1, initial: 1m, factor: 2, jitter: 0}";

    private static Scenario Started(int hosts, string site = "west") => Scenario.Started(Spec, new EstateView([.. Enumerable.Range(0, hosts).Select(host =>
        Estate.Host(string.Create(CultureInfo.InvariantCulture, $"h{host}: m{host}-0 m{host}-1 m{host}-2"), site))]));

    private static BreakerStatus Site(Scenario scenario) => scenario.State.Sites.ShouldHaveSingleItem().Breaker;

    [Fact]
    public void Site_breaker_opens_when_three_hosts_have_failed_in_a_row_and_nothing_starts_on_the_others()
    {
        var scenario = Started(4).Fail("m0-0").Fail("m1-0");
        Site(scenario).ShouldBe(BreakerStatus.Closed);

        scenario.Fail("m2-0").Events.OfType<SiteBreakerOpened>().ShouldHaveSingleItem().Reason
            .ShouldBe("The breakers of 3 hosts have opened without a success from the site in between.");

        scenario.Succeed("m3-0").InFlight.ShouldBeEmpty("the site's breaker is open, and h3's is not");
    }

    [Fact]
    public void Success_between_the_failures_of_hosts_speaks_for_the_site()
    {
        var scenario = Started(4).Fail("m0-0").Fail("m1-0").Succeed("m3-0").Fail("m2-0");

        Site(scenario).ShouldBe(BreakerStatus.Closed);
    }

    [Fact]
    public void Site_breaker_lets_one_probe_through_and_closes_with_its_success()
    {
        var scenario = Started(5).Fail("m0-0").Fail("m1-0").Fail("m2-0").Succeed("m3-0").Succeed("m4-0").Wait(TimeSpan.FromMinutes(1));
        Site(scenario).ShouldBe(BreakerStatus.HalfOpen);
        scenario.InFlight.ShouldHaveSingleItem("of the whole site one item starts, though four hosts would let one through");

        scenario.Succeed(scenario.InFlight[0]).Events.OfType<SiteBreakerClosed>().ShouldHaveSingleItem();
        scenario.InFlight.Count.ShouldBe(5);
    }

    [Fact]
    public void Probe_that_fails_opens_the_site_breaker_for_longer()
    {
        var scenario = Started(5).Fail("m0-0").Fail("m1-0").Fail("m2-0").Wait(TimeSpan.FromMinutes(1));
        var probe = scenario.State.Items.Single(item => item.Index == scenario.State.Sites[0].Circuit.Probe).Planned.VirtualMachineName;

        scenario.Fail(probe).Events.OfType<SiteBreakerOpened>().ShouldHaveSingleItem().Until.ShouldBe(scenario.Now + TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Silent_hosts_open_the_site_breaker_and_an_answer_of_any_of_them_half_opens_it()
    {
        var scenario = Started(4);
        for (var round = 0; round < 3; round++)
        {
            foreach (var machine in new[] { "m0-0", "m1-0", "m2-0" })
            {
                scenario.Undelivered(machine);
            }

            scenario.Wait(TimeSpan.FromMinutes(round == 2 ? 0 : 4));
        }

        Site(scenario).ShouldBe(BreakerStatus.Open);
        scenario.State.Sites[0].Circuit.Unreachable.ShouldBeTrue();
        scenario.Send(new HostReachable("h1"));
        Site(scenario).ShouldBe(BreakerStatus.HalfOpen);
    }

    [Fact]
    public void Hosts_whose_site_is_not_known_have_no_breaker_in_common()
    {
        var scenario = Started(4, site: "").Fail("m0-0").Fail("m1-0").Fail("m2-0");

        Site(scenario).ShouldBe(BreakerStatus.Closed);
    }
}
