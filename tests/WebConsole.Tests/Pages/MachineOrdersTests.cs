using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>The orders of machines that go home between two hosts, in a real browser.</summary>
public sealed class MachineOrdersTests(Chromium chromium, SharedStage shared)
{
    [Fact]
    public async Task Outages_are_approved_with_their_figures_and_the_services_that_are_down_are_clocked()
    {
        await shared.CreateAsync(SharedStage.Home("web", "\"web-*\""), start: true);
        await shared.UntilAsync("web", campaign => campaign.Counts.Synced == 2, "both machines to be in step");
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/web");
        await window.Button("Approve all").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("services of 2 machines go down");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("2 in step");
        await Chromium.KeepAsync(window.Page, "dialog-approve", whole: false);
        await window.DialogButton("Approve").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Services that are down" })).ToBeVisibleAsync();
        await Chromium.KeepAsync(window.Page, "outage");
        await window.InStateAsync("COMPLETED");

        // The item's page has its whole way.
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "web-01" }).First.ClickAsync();
        await Assertions.Expect(window.Heading).ToContainTextAsync("web-01");
        await Assertions.Expect(window.Page.Locator(".timeline li").First).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByText("SUCCEEDED").First).ToBeVisibleAsync();
        await Chromium.KeepAsync(window.Page, "item");
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Machine_that_runs_at_both_sites_is_decided_with_what_is_given_up()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/machines");
        await window.Page.GetByLabel("Machine (name or id)").FillAsync("erp-01");
        await window.Button("Begin the return").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Asks SPLIT_BRAIN" })).ToBeVisibleAsync();

        // What gives writes up wants the machine's name.
        await window.Button("Go back erp-01").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("What was written at main-01 is given up.");
        await Assertions.Expect(window.DialogButton("Answer GO_BACK")).ToBeDisabledAsync();
        await Chromium.KeepAsync(window.Page, "dialog-answer", whole: false);
        await window.DialogButton("Leave it").ClickAsync();
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);

        await window.Button("Stop home erp-01").ClickAsync();
        await window.DialogButton("Answer STOP_HOME").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Asks SPLIT_BRAIN" })).ToHaveCountAsync(0);
        await Assertions.Expect(window.Page.GetByText("AnswerReturn")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Return_is_begun_checked_stepped_run_paused_and_rolled_back()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/machines");
        await window.Page.GetByLabel("Machine (name or id)").FillAsync("wiki-01");
        await window.Page.GetByLabel("Rehearse it at home first").UncheckAsync();
        await window.Button("Begin the return").ClickAsync();
        await Assertions.Expect(window.Heading).ToContainTextAsync("wiki-01");
        await window.Button("Check both hosts for wiki-01").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "No check blocks" })).ToBeVisibleAsync();
        await window.Button("Read both hosts of wiki-01").ClickAsync();
        await window.ToldAsync("wiki-01:");

        // A gate for what gives up what the old copy had not sent, or the step itself.
        await window.Button("Approve attach of wiki-01").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Evidence");
        await window.DialogButton("Approve").ClickAsync();
        await window.Button("Go on to the end with wiki-01").ClickAsync();
        await window.Button("Go on").ClickAsync();
        await window.Button("Approve copy of wiki-01").ClickAsync();
        await window.DialogButton("Approve").ClickAsync();
        await Assertions.Expect(window.Button("Approve outage of wiki-01")).ToBeVisibleAsync();
        await window.Button("Roll back wiki-01").ClickAsync();
        await window.Dialog.GetByLabel("Reason (required)").FillAsync("not tonight");
        await window.DialogButton("Back to dr-01").ClickAsync();
        await Assertions.Expect(window.Page.GetByText("Back to where it ran").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Replica_is_tested_and_the_drill_ended_early()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/proofs");
        await window.Page.GetByLabel("Machine (name or id)").FillAsync("nobody-01");
        await window.Button("Start the drill").ClickAsync();
        await Assertions.Expect(window.Page.GetByText("nobody-01").Last).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator(".refusal")).ToBeVisibleAsync();
    }
}
