using HostAgent.Transport;
using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(HostAgent.WebConsole.Tests.Support.Chromium))]
[assembly: AssemblyFixture(typeof(HostAgent.WebConsole.Tests.Support.SharedStage))]

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>The frame of every page in a real browser.</summary>
public sealed class FrameTests(Chromium chromium) : IAsyncLifetime
{
    private ConsoleStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await ConsoleStage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Page_says_who_looks_at_it_and_breaks_no_rule_of_its_policy()
    {
        await using var window = await chromium.OpenAsync(_stage, PeerRole.Viewer, "vic");
        var page = await window.NewPageAsync();
        List<string> complaints = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByText("viewer, sees only")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Now");
        complaints.ShouldBeEmpty();
    }
}
