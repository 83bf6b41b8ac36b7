using System.Net;
using HostAgent.Coordinator.Hosting;

namespace HostAgent.Coordinator.Tests.Hosting;

/// <summary>Under which address a coordinator says that it is reached.</summary>
public sealed class PlaceAnnouncementTests
{
    [Theory]
    [InlineData("https://192.0.2.7:8443", null, "https://192.0.2.7:8443")]
    [InlineData("https://192.0.2.7:8443", "dr-a.example", "https://dr-a.example:8443")]
    [InlineData("https://0.0.0.0:8443", "dr-a.example", "https://dr-a.example:8443")]
    [InlineData("https://0.0.0.0:8443", "2001:db8::7", "https://[2001:db8::7]:8443")]
    [InlineData("https://[2001:db8::7]:443", null, "https://[2001:db8::7]")]
    [InlineData("https://[::]:443", "dr-a.example", "https://dr-a.example")]
    // Nobody elsewhere reaches it whatever it is called.
    [InlineData("https://127.0.0.1:8445", "dr-a.example", "https://127.0.0.1:8445")]
    [InlineData("https://[::1]:8445", "dr-a.example", "https://[::1]:8445")]
    public void Address_is_the_one_that_is_listened_on_or_the_name_that_the_settings_give(string listens, string? advertised, string expected)
        => PlaceAnnouncement.Reached(new Uri(listens), advertised).ShouldBe(expected);

    [Fact]
    public void Every_address_is_told_by_the_name_of_the_machine()
        => PlaceAnnouncement.Reached(new Uri("https://[::]:8443"), null).ShouldBe($"https://{Dns.GetHostName().ToLowerInvariant()}:8443");
}
