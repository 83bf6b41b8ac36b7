using Grpc.Core;
using HostAgent.Transport;
using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>The orders of machines that go home between two hosts, in a real browser.</summary>
public sealed class MachineOrdersTests(Chromium chromium, SharedStage shared)
{
    [Fact]
    public async Task Outages_are_approved_with_their_figures_and_every_step_is_told()
    {
        await shared.CreateAsync(SharedStage.Home("web", "\"web-*\""), start: true);
        await shared.UntilAsync("web", campaign => campaign.Counts.Synced == 2, "both machines to be in step");
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/campaigns/web");
        await window.Button("Approve all").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("services of 2 machines go down");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("2 in step");
        await Chromium.KeepAsync(window.Page, "dialog-approve", whole: false);
        await window.DialogButton("Approve").ClickAsync();
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
    public async Task Service_that_is_down_is_clocked_and_its_machine_can_go_on()
    {
        var id = await StoppedInItsOutageAsync("down-01");
        await using var window = await Window.OpenAsync(chromium, shared.Stage, "/");
        var row = window.Page.GetByRole(AriaRole.Table, new() { Name = "Services that are down, the longest first" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "down-01" });
        await Assertions.Expect(row).ToBeVisibleAsync();
        var clock = await row.Locator(".clock").InnerTextAsync();
        await Assertions.Expect(row.Locator(".clock")).Not.ToHaveTextAsync(clock);
        await Chromium.KeepAsync(window.Page, "outage");

        await window.GoAsync($"/machines/{id}");
        await Assertions.Expect(window.Page.GetByText("The service is down")).ToBeVisibleAsync();
        await Assertions.Expect(window.Button("Go on to the end with down-01")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Step_that_does_not_end_is_cancelled_with_a_reason()
    {
        var id = await GoingUntilAsync("hang-01", shown => shown.Step is { Kind: "START_MACHINE", PercentComplete: 40 });
        await using var window = await Window.OpenAsync(chromium, shared.Stage, $"/machines/{id}");

        await window.Button("Cancel the step hang-01").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("The host is asked to terminate START_MACHINE at main-01.");
        await Assertions.Expect(window.DialogButton("Cancel it")).ToBeDisabledAsync();
        await window.Dialog.GetByLabel("Reason (required)").FillAsync("it hangs");
        await Chromium.KeepAsync(window.Page, "dialog-cancel-step", whole: false);
        await window.DialogButton("Cancel it").ClickAsync();

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Asks STOPPED_AT_HOME" })).ToBeVisibleAsync();
        await Assertions.Expect(window.Button("Cancel the step hang-01")).ToHaveCountAsync(0);
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

    // Lets a machine's return go on until its service is down, and pauses it there.
    private async Task<string> StoppedInItsOutageAsync(string machine)
    {
        var id = await GoingUntilAsync(machine, shown => shown.OutageSince is not null);
        await shared.Stage.Returns.PauseReturnAsync(new PauseReturnRequest { Name = $"returns/{id}", Reason = "to look at it" });
        return id;
    }

    // Lets a machine's return go on, with every permission, until it shows something.
    private async Task<string> GoingUntilAsync(string machine, Func<Return, bool> until)
    {
        await ConsoleStage.UntilAsync(
            async () => (await shared.Stage.Hosts.ListHostsAsync(new ListHostsRequest())).Hosts.All(host => host.Reachability == Reachability.Reachable), "all hosts to answer");
        var returns = shared.Stage.Returns;
        var begun = await returns.CreateReturnAsync(new CreateReturnRequest { VirtualMachine = machine });
        using var watch = returns.WatchReturn(new WatchReturnRequest { Name = begun.Name }, deadline: DateTime.UtcNow + ConsoleStage.Patience);
        var going = returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = begun.Name, RunToEnd = true }).ResponseAsync;
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            var shown = watch.ResponseStream.Current;
            if (until(shown))
            {
                break;
            }

            if (shown is { Step: null, Next.Kind: NextKind.Approval })
            {
                await TryApproveAsync(shown);
            }
        }

        await going;
        return begun.Name["returns/".Length..];
    }

    private async Task TryApproveAsync(Return shown)
    {
        try
        {
            await shared.Stage.Returns.ApproveReturnAsync(new ApproveReturnRequest { Name = shown.Name, Gate = shown.Next.Gate, Evidence = shown.Next.Evidence });
        }
        catch (RpcException exception) when (RpcFailure.From(exception).Reason is "STEP_IN_HAND" or "NO_GATE" or "EVIDENCE_CHANGED")
        {
            // It was shown a moment ago; the next view is looked at instead.
        }
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
