using System.Net;
using System.Net.WebSockets;
using HostAgent.Transport;
using HostAgent.WebConsole.Tests.Support;

namespace HostAgent.WebConsole.Tests.Security;

/// <summary>How much of the console one person and everybody may have, and what is kept of a page that is closed.</summary>
public sealed class LimitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_limited_for_each_person_and_for_everybody_and_free_again_when_closed()
    {
        await using var stage = await ConsoleStage.StartAsync(arguments: ["--Coordinator:Console:MaxPages", "3", "--Coordinator:Console:MaxPagesPerPerson", "2"]);
        var (maria, vic) = (stage.Pki.Certificate(PeerRole.Operator, "maria"), stage.Pki.Certificate(PeerRole.Viewer, "vic"));
        using var first = await stage.ConnectAsync(maria);
        using var second = await stage.ConnectAsync(maria);
        (await Should.ThrowAsync<WebSocketException>(() => stage.ConnectAsync(maria))).Message.ShouldContain("503");
        using var third = await stage.ConnectAsync(vic);
        (await Should.ThrowAsync<WebSocketException>(() => stage.ConnectAsync(vic))).Message.ShouldContain("503");

        first.Abort();
        await ConsoleStage.UntilAsync(async () =>
        {
            try
            {
                using var again = await stage.ConnectAsync(vic);
                return true;
            }
            catch (WebSocketException exception) when (exception.Message.Contains("503", StringComparison.Ordinal))
            {
                return false;
            }
        }, "the closed page to make room");
    }

    [Fact]
    public async Task Report_is_a_file_to_keep_and_nothing_else_is_served_under_its_name()
    {
        await using var stage = await ConsoleStage.StartAsync();
        var browser = stage.Browser(stage.Pki.Certificate(PeerRole.Viewer, "vic"));
        foreach (var path in (string[])["/campaigns/none/report.html", "/campaigns/none/report.exe", "/campaigns/..%2F/report.html"])
        {
            (await browser.GetAsync(path, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_console()
    {
        await using var stage = await ConsoleStage.StartAsync(withConsole: false);
        stage.HasConsole.ShouldBeFalse();
    }
}
