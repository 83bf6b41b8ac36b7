using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>A composed and a decomposed form of one name did not find each other, and names with blanks around them were other names.</summary>
public sealed class NamesThatLookTheSameTests
{
    private static IEnumerable<string> Errors(string spec)
        => CampaignDocument.Parse(Scenario.Document(spec), "t", TestContext.Current.CancellationToken).Errors.Select(error => error.Message);

    [Fact]
    public void Two_waves_of_one_name_in_two_forms_are_refused()
        => Errors("waves: [{name: größe, take: 1}, {name: gro\u0308ße}]").ShouldHaveSingleItem().ShouldContain("a name that no other wave has");

    [Fact]
    public void A_cycle_is_seen_whatever_the_form_and_case()
        => Errors("dependencies: [{item: {vm: größe}, after: {vm: b}}, {item: {vm: B}, after: {vm: GRO\u0308ßE}}]").ShouldHaveSingleItem().ShouldContain("closes a cycle");

    [Theory]
    [InlineData("waves: [{name: ' all'}]")]
    [InlineData("waves: [{name: all, match: {host: 'hv-1 '}}]")]
    [InlineData("waves: [{name: all, match: {hosts: {site: ' west'}}}]")]
    [InlineData("waves: [{name: all, match: {hosts: {labels: {rack: ' r1'}}}}]")]
    public void A_name_with_blanks_around_it_is_refused(string spec) => Errors(spec).ShouldHaveSingleItem().ShouldContain("without blanks before or after it");

    [Fact]
    public void A_Windows_time_zone_is_refused_with_the_one_that_is_meant()
        => Errors("window: {opens: '22:00', closes: '06:00', timeZone: Romance Standard Time}").ShouldHaveSingleItem()
            .ShouldBe("spec.window.timeZone is 'Romance Standard Time'; it must be an IANA time zone, such as Europe/Madrid. It is a Windows time zone; the nearest is Europe/Paris.");

    [Theory]
    [InlineData("additionalSettings: \"a\\uFFFFb\"")]
    [InlineData("certificateThumbprint: \"a\\uFFFEb\"")]
    public void Settings_that_the_agent_could_not_send_on_are_refused(string setting)
        => Errors($"replicationSettings: {{{setting}}}").ShouldHaveSingleItem().ShouldContain("XML cannot carry");
}
