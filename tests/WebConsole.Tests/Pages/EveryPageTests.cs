using HostAgent.Transport;
using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>What holds for every page: it fits any screen, works by keyboard, and a viewer can change nothing.</summary>
public sealed class EveryPageTests(Chromium chromium, SharedStage shared)
{
    internal static readonly string[] Paths =
        ["/", "/campaigns", "/campaigns/shown", "/campaigns/shown/audit?all=yes", "/campaigns/new", "/machines?all=yes", "/hosts", "/hosts/hv-west-01", "/proofs", "/notifications", "/handover", "/nothing-of-the-kind"];

    [Theory]
    [InlineData(320, 700)]
    [InlineData(1024, 768)]
    public async Task It_is_no_wider_than_the_screen(int width, int height)
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/", width: width, height: height);
        foreach (var path in Paths)
        {
            await window.GoAsync(path);
            await ReadAsync(window);
            (await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, path);
            await Chromium.KeepAsync(window.Page, $"{width}{path.Split('?')[0].Replace('/', '-')}");
        }
    }

    [Fact]
    public async Task Viewer_sees_it_and_finds_no_order()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/", PeerRole.Viewer, "vic");
        foreach (var path in Paths.Where(path => path != "/campaigns/new"))
        {
            await window.GoAsync(path);
            await ReadAsync(window);
            // What is left changes only what the viewer sees.
            (await window.Page.Locator("main button").AllInnerTextsAsync()).ShouldBeEmpty(path);
        }

        await window.GoAsync("/campaigns/new");
        (await window.Page.Locator("main button").AllInnerTextsAsync()).ShouldBe(["Check", "Plan"]);
        window.Page.Url.ShouldEndWith("/campaigns/new");
    }

    [Fact]
    public async Task Keyboard_reaches_everything()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/");
        await ReadAsync(window);
        await window.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("handover of the shift");
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);

        await window.Page.Keyboard.PressAsync("g");
        await window.Page.Keyboard.PressAsync("c");
        await Assertions.Expect(window.Heading).ToHaveTextAsync("Campaigns");
        // The new page is read from its heading on.
        await Assertions.Expect(window.Heading).ToBeFocusedAsync();

        // The skip link comes first, and leads past the navigation.
        await window.Page.ReloadAsync();
        await Assertions.Expect(window.Heading).ToBeVisibleAsync();
        (await window.Page.EvaluateAsync<string>("document.querySelector('a, button, input, select').textContent")).ShouldBe("Skip to the content");
        await window.Page.GetByText("Skip to the content").FocusAsync();
        await Assertions.Expect(window.Page.GetByText("Skip to the content")).ToBeInViewportAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("#main")).ToBeFocusedAsync();
        window.Page.Url.ShouldEndWith("/campaigns");

        // An order from its button to its end without a mouse.
        await window.GoAsync("/campaigns/shown");
        await window.Button("Start shown").FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Machines begin to go home");
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        await Assertions.Expect(window.Button("Start shown")).ToBeFocusedAsync();
        (await shared.GetAsync("shown")).State.ShouldBe(CampaignState.Ready);
    }

    [Fact]
    public async Task Theme_is_kept_and_filters_are_in_the_address()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/shown");
        await window.Button("Light or dark").ClickAsync();
        await window.Page.ReloadAsync();
        (await window.Page.EvaluateAsync<string>("document.documentElement.dataset.theme")).ShouldBe("dark");

        await window.Page.GetByLabel("State").SelectOptionAsync("FAILED");
        await Assertions.Expect(window.Page.GetByText("No item matches.")).ToBeVisibleAsync();
        window.Page.Url.ShouldEndWith("/campaigns/shown?state=FAILED");
        await window.Page.ReloadAsync();
        await Assertions.Expect(window.Page.GetByText("No item matches.")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Machine", new() { Exact = true }).FillAsync("ready");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.GetByLabel("State").SelectOptionAsync("");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "ready-01" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Handover_begins_at_a_time_on_the_viewers_clock()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/handover?since=02:10");
        await Assertions.Expect(window.Page.GetByText("Since 02:10:00").Or(window.Page.GetByText("02:10:00")).First).ToBeVisibleAsync();
        await window.GoAsync("/handover?since=2026-13-01");
        await Assertions.Expect(window.Page.GetByText("\"2026-13-01\" is no time")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Hosts_check_tells_what_was_seen_and_what_to_do()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/hosts/hv-west-01");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Check ready-01" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "ready-01" })).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Table, new() { Name = "Readiness checks, failed ones first" })).ToBeVisibleAsync();
    }

    // The page has asked and shows its answer.
    internal static async Task ReadAsync(Window window)
    {
        await window.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(window.Page.Locator("main")).Not.ToBeEmptyAsync();
    }
}
