using System.Text.RegularExpressions;
using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>
/// A fleet is brought home with the console alone, from the document to the end, although one machine runs at both sites, the application of another one does not answer, a host is silent, and a
/// gate and two outages want a person. All that the test does besides is what happens to hosts and applications.
/// </summary>
public sealed class WholeWayHomeTests(Chromium chromium)
{
    private const string Estate = """
        apiVersion: failback/v1
        kind: Estate
        hosts:
          - {name: main-01, site: main, provider: inBox, virtualMachines: []}
          - {name: dr-01, site: dr, primarySite: main, provider: inBox, virtualMachines: []}
          - {name: main-02, site: main, provider: inBox, virtualMachines: []}
          - {name: dr-02, site: dr, primarySite: main, provider: inBox, virtualMachines: []}
        pairs:
          - home: main-01
            recovery: dr-01
            megabitsPerSecond: 10000
            virtualMachines:
              - {name: canary-01, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
              - {name: split-01, scenario: bothRun, diskGigabytes: 5, changedGigabytes: 1}
              - {name: shop-01, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
          - home: main-02
            recovery: dr-02
            megabitsPerSecond: 10000
            virtualMachines:
              - {name: far-01, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
        """;

    private const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: home}
        spec:
          targets: [{hosts: {site: dr}}]
          strategy: {name: host-to-host, attach: automatic, rehearse: false, verify: {heartbeat: 10m, check: app.sh}}
          waves: [{name: first, match: {vms: {names: ["canary-*"]}}, gate: {approval: {by: [maria]}}}, {name: rest}]
          limits: {switch: 2}
        """;

    private static readonly Dictionary<string, string> Hosts = new(StringComparer.Ordinal)
    {
        ["main-01"] = "site: main",
        ["dr-01"] = "site: dr, primarySite: main",
        ["main-02"] = "site: main",
        ["dr-02"] = "site: dr, primarySite: main",
    };

    [Fact]
    public async Task Split_brain_failed_check_gate_and_silent_host_are_brought_home_from_the_console_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the application check is a shell script");
        var programs = Directory.CreateTempSubdirectory("checks-");
        try
        {
            var broken = Path.Combine(programs.FullName, "broken");
            await WriteCheckAsync(programs.FullName, $"[ \"$FAILBACK_VM_NAME\" != shop-01 ] || [ ! -e '{broken}' ] || {{ echo 'the shop answers 503'; exit 3; }}");
            await File.WriteAllTextAsync(broken, "");
            await using var stage = await ConsoleStage.StartAsync(Estate, Hosts, 120, withConsole: true, "--Coordinator:ApplicationChecks", programs.FullName);
            await ConsoleStage.UntilAsync(
                async () => (await stage.Hosts.ListHostsAsync(new ListHostsRequest())).Hosts.All(host => host.Reachability == Reachability.Reachable), "all hosts to answer");
            await using var window = await Window.OpenAsync(chromium, stage, "/campaigns/new");

            // The plan.
            await window.Page.GetByLabel("Document (YAML)").FillAsync(Document);
            await window.Button("Plan").ClickAsync();
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "4 machines on 2 hosts" })).ToBeVisibleAsync();
            await window.Button("Create the campaign").ClickAsync();
            await window.Dialog.GetByRole(AriaRole.Checkbox).CheckAsync();
            await window.DialogButton("Store it").ClickAsync();
            await window.InStateAsync("READY");

            // A host falls silent before its machine is brought in step.
            await stage.StopAgentAsync("main-02");
            await ConsoleStage.UntilAsync(
                async () => (await stage.Hosts.ListHostsAsync(new ListHostsRequest())).Hosts.Single(host => host.Name == "hosts/main-02").Reachability == Reachability.Unreachable, "the host to be silent");
            await window.Button("Start home").ClickAsync();
            await window.DialogButton("Start it now").ClickAsync();
            await window.InStateAsync("RUNNING");

            // Which of the two that run is the right one?
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Decide about split-01" }).First.ClickAsync();
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Asks SPLIT_BRAIN" })).ToBeVisibleAsync();
            await window.Button("Stop home split-01").ClickAsync();
            await window.DialogButton("Answer STOP_HOME").ClickAsync();
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Asks SPLIT_BRAIN" })).ToHaveCountAsync(0);

            // The first outage.
            await window.GoAsync("/campaigns/home");
            await window.Button("Approve first").ClickAsync();
            await Assertions.Expect(window.Dialog).ToContainTextAsync("1 in step");
            await window.DialogButton("Approve").ClickAsync();

            // The gate behind it.
            await Assertions.Expect(window.Page.GetByText("approval by maria").First).ToBeVisibleAsync();
            await window.Button("Approve first").ClickAsync();
            await Assertions.Expect(window.Dialog).ToContainTextAsync("The next wave starts.");
            await Assertions.Expect(window.Dialog).ToContainTextAsync("1 succeeded");
            await window.DialogButton("Approve").ClickAsync();

            // Who is it that does not answer? The front page and the machine's own tell.
            await window.GoAsync("/");
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Hosts that do not answer" })).ToBeVisibleAsync();
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "main-02" }).First.ClickAsync();
            await Assertions.Expect(window.Heading).ToContainTextAsync("main-02");
            await window.GoAsync("/campaigns/home?machine=far-01");
            await Assertions.Expect(Row(window, "far-01")).ToContainTextAsync("main-02 does not answer");
            await Chromium.KeepAsync(window.Page, "home-silent-host");
            await stage.StartAgentAgainAsync("main-02");

            // The service of the shop is at home, and its check does not pass. What the machine was given up to is seen on its page, and the check is made again when the shop was put right.
            await window.GoAsync("/campaigns/home");
            await OutagesAsync(window, stage);
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Decide about shop-01" }).First.ClickAsync();
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Asks UNHEALTHY" })).ToBeVisibleAsync();
            await Assertions.Expect(window.Page.GetByText("the shop answers 503").First).ToBeVisibleAsync();
            await Chromium.KeepAsync(window.Page, "home-failed-check");
            File.Delete(broken);
            await window.Button("Verify again shop-01").ClickAsync();
            await window.DialogButton("Answer VERIFY_AGAIN").ClickAsync();

            await window.GoAsync("/campaigns/home");
            await window.InStateAsync("COMPLETED");
            var items = (await stage.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = "campaigns/home" })).Items;
            items.Select(item => (item.VirtualMachineName, item.State)).OrderBy(item => item.VirtualMachineName, StringComparer.Ordinal).ShouldBe(
                [("canary-01", ItemState.Succeeded), ("far-01", ItemState.Succeeded), ("shop-01", ItemState.Succeeded), ("split-01", ItemState.Succeeded)]);
            await Chromium.KeepAsync(window.Page, "home-completed");
        }
        finally
        {
            programs.Delete(recursive: true);
        }
    }

    // The last wave's, when all of its machines are in step; none was held by then.
    private static async Task OutagesAsync(Window window, ConsoleStage stage)
    {
        await ConsoleStage.UntilAsync(async () => (await stage.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/home" })).Waves[1].Counts.Synced == 3, "three machines to be in step");
        await window.Button("Approve rest").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("services of 3 machines go down");
        await window.DialogButton("Approve").ClickAsync();
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
    }

    private static ILocator Row(Window window, string machine) => window.Page.GetByRole(AriaRole.Row).Filter(new() { HasTextRegex = new Regex(Regex.Escape(machine), RegexOptions.None, TimeSpan.FromSeconds(1)) });

    private static async Task WriteCheckAsync(string folder, string script)
    {
        var file = Path.Combine(folder, "app.sh");
        await File.WriteAllTextAsync(file, $"#!/bin/sh\n{script}\necho 'it answers'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
