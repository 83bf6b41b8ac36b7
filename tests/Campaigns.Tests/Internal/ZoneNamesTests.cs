using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Tests.Internal;

public sealed class ZoneNamesTests
{
    [Theory]
    [InlineData("Europe/Madrid", "Europe/Madrid")]
    [InlineData("europe/madrid", "Europe/Madrid")]
    [InlineData("EUROPE/MADRID", "Europe/Madrid")]
    [InlineData("utc", "UTC")]
    [InlineData("Etc/GMT+1", "Etc/GMT+1")]
    [InlineData("America/Port-au-Prince", "America/Port-au-Prince")]
    [InlineData("US/Pacific", "US/Pacific")]
    public void A_name_of_the_database_is_found_in_any_case(string name, string found) => ZoneNames.Find(name).ShouldBe(found);

    [Theory]
    [InlineData("Romance Standard Time")]
    [InlineData("localtime")]
    [InlineData("LocalTime")]
    [InlineData("posixrules")]
    [InlineData("Factory")]
    [InlineData("posix/Europe/Madrid")]
    [InlineData("right/Europe/Madrid")]
    [InlineData("Europe//Madrid")]
    [InlineData("../zoneinfo/UTC")]
    [InlineData("/usr/share/zoneinfo/UTC")]
    [InlineData("Europe/Atlantis")]
    [InlineData("")]
    public void What_means_something_else_on_another_machine_is_not(string name) => ZoneNames.Find(name).ShouldBeNull();
}
