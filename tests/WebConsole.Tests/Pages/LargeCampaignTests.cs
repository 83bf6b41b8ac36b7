using System.Diagnostics;
using System.Globalization;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.WebConsole.Tests.Support;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Pages;

/// <summary>
/// A campaign of many machines in a real browser: how long the first paint takes, and each page, filter and look back. CONSOLE_ITEMS says how many machines; the figures of 100,000 are in
/// the README of the console.
/// </summary>
public sealed class LargeCampaignTests(Chromium chromium, ITestOutputHelper output)
{
    private const int HostCount = 20;
    private const int Repetitions = 5;

    // On a busy machine, and while the campaign runs. What takes longer than this waits for something that it should not wait for.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly List<(string What, TimeSpan[] Took)> _figures = [];

    private static int Machines => int.Parse(Environment.GetEnvironmentVariable("CONSOLE_ITEMS") ?? "1500", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_look_at_a_large_campaign_is_answered_at_once()
    {
        var each = Machines / HostCount;
        var estate = string.Create(CultureInfo.InvariantCulture, $"apiVersion: failback/v1\nkind: Estate\ngenerate: {{hosts: {HostCount}, virtualMachines: {each}, seed: 7}}\n");
        var hosts = EstateGenerator.Generate(HostCount, 0, seed: 7).Hosts.ToDictionary(host => host.Name, host => $"site: {host.Site}, primarySite: {host.PrimarySite}", StringComparer.Ordinal);
        await using var stage = await ConsoleStage.StartAsync(estate, hosts, 3000, withConsole: true, "--Coordinator:CallTimeout", "00:03:00");
        await ConsoleStage.UntilAsync(
            async () => (await stage.Hosts.ListHostsAsync(new ListHostsRequest())).Hosts.All(host => host.Reachability == Reachability.Reachable), "all hosts to answer");
        var campaign = await stage.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { AcceptWarnings = true, Document = new CampaignDocument { Text = Document } });
        campaign.Counts.Total.ShouldBe(each * HostCount);
        var some = (await stage.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name, PageSize = 1 })).Items[0];

        await using var window = await Window.OpenAsync(chromium, stage, "/campaigns");
        await LookAsync(window, "not started", some);
        await stage.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await ConsoleStage.UntilAsync(
            async () => (await stage.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).Counts.Succeeded >= Math.Min(500, each), "some machines to be home", TimeSpan.FromMinutes(5));
        await LookAsync(window, "under way", some);
        var memory = await window.Page.EvaluateAsync<long>("performance.memory.usedJSHeapSize");
        var nodes = await window.Page.EvaluateAsync<int>("document.getElementsByTagName('*').length");

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{campaign.Counts.Total:N0} machines; the page has {nodes:N0} elements, and its script {memory / 1048576.0:0.0} MB."));
        _figures.ShouldAllBe(figure => figure.Took.Order().ElementAt(figure.Took.Length / 2) < Longest);
        nodes.ShouldBeLessThan(5000, "a page keeps one page of items");
        window.Complaints.ShouldBeEmpty();
    }

    private const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: large}
        spec:
          targets: [{hosts: {}}]
          strategy: initiate-failback
          waves: [{name: canary, take: 10%}, {name: rest}]
          limits: {campaign: 100, host: 20}
          tolerance: {failures: 100%}
        """;

    private async Task LookAsync(Window window, string when, Item some)
    {
        var (page, rows) = (window.Page, window.Page.GetByRole(AriaRole.Table, new() { Name = "Items in the order of the plan" }).GetByRole(AriaRole.Row));
        var paints = new TimeSpan[Repetitions];
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            await page.GotoAsync("/campaigns/large");
            await Assertions.Expect(rows.Nth(1)).ToBeVisibleAsync();
            paints[repetition] = TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
        }

        Note($"{when}: first paint of the campaign's page", paints);
        await MeasureAsync($"{when}: the campaign's page until its first items", async () =>
        {
            await page.GotoAsync("/campaigns/large");
            await Assertions.Expect(rows.Nth(1)).ToBeVisibleAsync();
        });
        await MeasureAsync($"{when}: the next page of items", async () =>
        {
            var first = await rows.Nth(1).GetByRole(AriaRole.Link).First.InnerTextAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
            await Assertions.Expect(rows.Nth(1).GetByRole(AriaRole.Link).First).Not.ToHaveTextAsync(first);
        });
        await MeasureAsync($"{when}: a filter that no item matches", async () =>
        {
            await page.GotoAsync("/campaigns/large?state=CANCELLED");
            await Assertions.Expect(page.GetByText("No item matches.")).ToBeVisibleAsync();
        });
        await MeasureAsync($"{when}: a filter by part of a name", async () =>
        {
            await page.GotoAsync("/campaigns/large?machine=no-machine-has-this-name");
            await Assertions.Expect(page.GetByText("No item matches.")).ToBeVisibleAsync();
        });
        await MeasureAsync($"{when}: the page of one machine", async () =>
        {
            await page.GotoAsync($"/{some.Name}");
            await Assertions.Expect(window.Heading).ToContainTextAsync(some.VirtualMachineName);
        });
        await MeasureAsync($"{when}: the audit", async () =>
        {
            await page.GotoAsync("/campaigns/large/audit");
            await Assertions.Expect(page.GetByText("CreateCampaign").First).ToBeVisibleAsync();
        });
        await MeasureAsync($"{when}: what needs a person now", async () =>
        {
            await page.GotoAsync("/");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Campaigns under way" })).ToBeVisibleAsync();
        });
        await MeasureAsync($"{when}: the handover of a shift", async () =>
        {
            await page.GotoAsync("/handover");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToBeVisibleAsync();
        });
        await page.GotoAsync("/campaigns/large");
        await Assertions.Expect(rows.Nth(1)).ToBeVisibleAsync();
    }

    private async Task MeasureAsync(string what, Func<Task> look)
    {
        var took = new TimeSpan[Repetitions];
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var began = Stopwatch.GetTimestamp();
            await look();
            took[repetition] = Stopwatch.GetElapsedTime(began);
        }

        Note(what, took);
    }

    // A row of a table: the median and the longest, in milliseconds.
    private void Note(string what, TimeSpan[] took)
    {
        _figures.Add((what, took));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {took.Order().ElementAt(took.Length / 2).TotalMilliseconds:0} | {took.Max().TotalMilliseconds:0} |"));
    }
}
