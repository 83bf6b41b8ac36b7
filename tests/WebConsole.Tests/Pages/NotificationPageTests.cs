using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

public sealed class NotificationPageTests(Chromium chromium, SharedStage shared)
{
    [Fact]
    public async Task Channel_is_shown_with_where_it_leads_and_a_test_that_fails_says_why()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/notifications");
        await Assertions.Expect(window.Page.GetByText("email dr@example.com by 127.0.0.1:1")).ToBeVisibleAsync();

        await window.Button("Test night").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".refusal")).ToContainTextAsync("the test of notificationChannels/night was not delivered: Connection refused");
    }
}
