using Grpc.Core;
using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>Every order of a campaign and of its items, given in a real browser.</summary>
public sealed class CampaignOrdersTests(Chromium chromium, SharedStage shared)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Campaign_is_created_started_paused_resumed_cancelled_retried_stopped_and_deleted()
    {
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/new");
        await window.Page.GetByLabel("Document (YAML)").FillAsync(SharedStage.West("orders", "stuck-01"));
        await window.Button("Check").ClickAsync();
        await Assertions.Expect(window.Page.GetByText("The document has no error.")).ToBeVisibleAsync();
        await window.Button("Plan").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "1 machines on 1 hosts" })).ToBeVisibleAsync();
        await window.Button("Create the campaign").ClickAsync();
        await window.DialogButton("Store it").ClickAsync();
        await window.InStateAsync("READY");

        await window.Button("Start orders").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Machines begin to go home");
        await Chromium.KeepAsync(window.Page, "dialog-start", whole: false);
        await window.DialogButton("Start it now").ClickAsync();
        await window.InStateAsync("RUNNING");
        await window.ToldAsync("orders is RUNNING");

        await window.Button("Pause orders").ClickAsync();
        await window.InStateAsync("PAUSED");
        await window.Button("Resume orders").ClickAsync();
        await window.Page.GetByLabel("Reason", new() { Exact = true }).FillAsync("the link is back");
        await window.Button("Resume").ClickAsync();
        await window.InStateAsync("RUNNING");

        await window.Button("Cancel stuck-01").ClickAsync();
        var confirm = window.DialogButton("Cancel its failback");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("can leave disks that must not be booted");
        await Assertions.Expect(confirm).ToBeDisabledAsync();
        await window.Dialog.GetByLabel("Type stuck-01 to confirm").FillAsync("stuck-01");
        await Assertions.Expect(confirm).ToBeDisabledAsync();
        await window.Dialog.GetByLabel("Reason (required)").FillAsync("it does not move");
        await Chromium.KeepAsync(window.Page, "dialog-cancel", whole: false);
        await confirm.ClickAsync();
        await window.InStateAsync("COMPLETED_WITH_FAILURES");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "stuck-01" })).ToContainTextAsync("CANCELLED");

        await window.Button("Retry stuck-01").ClickAsync();
        await window.InStateAsync("RUNNING");
        await Assertions.Expect(window.Button("Cancel stuck-01")).ToBeVisibleAsync();
        await window.Button("Stop orders").ClickAsync();
        await Assertions.Expect(window.Page.GetByText("It cannot be resumed, only retried.")).ToBeVisibleAsync();
        await window.Button("Yes, stop").ClickAsync();
        await window.InStateAsync("STOPPING");
        await window.Button("Cancel stuck-01").ClickAsync();
        await window.Dialog.GetByLabel("Type stuck-01 to confirm").FillAsync("stuck-01");
        await window.Dialog.GetByLabel("Reason (required)").FillAsync("enough");
        await confirm.ClickAsync();
        await Assertions.Expect(window.Heading).ToContainTextAsync(new System.Text.RegularExpressions.Regex("STOPPED|COMPLETED_WITH_FAILURES", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));

        using var call = shared.Stage.Campaigns.ExportAudit(new ExportAuditRequest { Name = "campaigns/orders" }, cancellationToken: Cancelled);
        var orders = await call.ResponseStream.ReadAllAsync(Cancelled).Where(record => record.Actor != "coordinator").ToListAsync(Cancelled);
        orders.Select(record => record.Action).ShouldBe(["CreateCampaign", "StartCampaign", "PauseCampaign", "ResumeCampaign", "CancelItem", "RetryItems", "StopCampaign", "CancelItem"]);
        orders.ShouldAllBe(record => record.Actor.StartsWith("failback://operator/maria#serial=") && record.Source.StartsWith("console ipv4:127.0.0.1:") && record.Result == "OK");
        orders[4].Details.ShouldContain("it does not move");

        await window.Button("Delete orders").ClickAsync();
        await window.Dialog.GetByLabel("Type orders to confirm").FillAsync("orders");
        await window.DialogButton("Delete it").ClickAsync();
        await window.ToldAsync("orders was deleted. Its audit is kept.");
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forecast_of_the_start_is_outlined_behind_what_is()
    {
        await shared.CreateAsync(SharedStage.West("planned", "plan-01"));
        await shared.Stage.Campaigns.StartCampaignAsync(new StartCampaignRequest
        {
            Name = "campaigns/planned",
            Assumptions = new ForecastAssumptions { Rate = new RateRange { LowBytesPerSecond = 1 << 20 }, DiskBytes = 3600L << 20 },
        });
        await shared.UntilAsync("planned", campaign => campaign.StartForecast is not null, "the forecast");

        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/planned");

        await Assertions.Expect(window.Page.Locator("svg.gantt rect.plan")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator("svg.gantt rect.fact")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.GetByText("Outlined, as forecast at the start, without approvals:")).ToBeVisibleAsync();
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_outcome_is_read_again_and_resolved_by_a_person()
    {
        await shared.CreateAsync(SharedStage.West("gone", "gone-01"), start: true);
        await shared.UntilAsync("gone", campaign => campaign.Counts.UnknownOutcome == 1, "an outcome that nobody knows");
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/gone");
        await Assertions.Expect(window.Page.GetByText("1 of unknown outcome:")).ToBeVisibleAsync();
        await window.Button("Read its host again gone-01").ClickAsync();
        await window.ToldAsync("gone-01 on hv-west-01");
        // What a person decides on is what the second look has shown.
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "gone-01" })).ToContainTextAsync("Rechecked:");
        await window.Button("It succeeded gone-01").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("production may run on old data");
        await window.Dialog.GetByLabel("Type gone-01 to confirm").FillAsync("gone-01");
        await window.Dialog.GetByLabel("Reason (required)").FillAsync("seen on the console of the host");
        await window.DialogButton("Record that it succeeded").ClickAsync();
        await window.InStateAsync("COMPLETED");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "gone-01" })).ToContainTextAsync("SUCCEEDED");
    }

    [Fact]
    public async Task Gate_is_rejected_and_approved_with_its_figures_and_an_item_is_skipped()
    {
        await shared.CreateAsync(SharedStage.West("gates", "gate-*", "  waves: [{name: canary, take: 1, gate: {approval: {by: [maria]}}}, {name: rest}]"), start: true);
        await shared.UntilAsync("gates", campaign => campaign.Waves[0].State == WaveState.AtGate, "the gate");
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/gates?wave=rest");
        await window.Button("Skip gate-03").ClickAsync();
        await window.Button("Skip it").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "gate-03" })).ToContainTextAsync("SKIPPED");

        await window.Button("Reject canary").ClickAsync();
        await window.Button("Reject").ClickAsync();
        await window.InStateAsync("PAUSED");
        await window.Button("Approve canary").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("1: 1 succeeded");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("maria");
        await window.Dialog.GetByLabel("Reason (optional)").FillAsync("users have confirmed");
        await window.DialogButton("Approve").ClickAsync();
        await window.InStateAsync("COMPLETED");
    }

    [Fact]
    public async Task Order_is_given_for_what_was_shown_and_asked_again_when_it_has_changed()
    {
        var campaign = await shared.CreateAsync(SharedStage.West("changed", "changed-01"));
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/changed");
        await window.Button("Start changed").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Version");
        await shared.Stage.Campaigns.UpdateCampaignAsync(
            new UpdateCampaignRequest { Name = campaign.Name, Document = new CampaignDocument { Text = SharedStage.West("changed", "changed-01", "  waves: [{name: other}]"), Source = "test.yaml" } }, cancellationToken: Cancelled);
        await window.DialogButton("Start it now").ClickAsync();
        await Assertions.Expect(window.Dialog.GetByText("It has changed since it was shown.")).ToBeVisibleAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("→ other (1)");
        (await shared.GetAsync("changed")).State.ShouldBe(CampaignState.Ready);
        await window.DialogButton("Start it now").ClickAsync();
        await window.InStateAsync("COMPLETED");
    }
}
