using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>Every page can be read by everybody, by day and by night.</summary>
public sealed class AccessibilityTests(Chromium chromium, SharedStage shared)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_checker_of_accessibility_has_nothing_against_it(ColorScheme scheme)
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/", scheme: scheme);
        foreach (var path in EveryPageTests.Paths)
        {
            await window.GoAsync(path);
            await EveryPageTests.ReadAsync(window);
            (await Chromium.ComplaintsAsync(window.Page)).ShouldBeEmpty(path);
            await Chromium.KeepAsync(window.Page, $"{scheme}{path.Split('?')[0].Replace('/', '-')}".ToLowerInvariant());
        }

        window.Complaints.Where(complaint => !complaint.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
