using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Reports;

namespace HostAgent.Coordinator.Tests.Reports;

/// <summary>What a runbook says of documents whose services go down.</summary>
public sealed class HtmlRunbookTests
{
    private const string Home = """
        strategy:
            name: host-to-host
            attach: automatic
            outage: {approval: {by: [ann, bob]}}
            hooks: {beforeOutage: silence.sh, afterVerify: dns.sh}
            networks: [{from: DR, to: Prod, vlan: 120, mac: keep, subnets: [{from: 10.20.0.0/16, to: 10.10.0.0/16, gateway: 10.10.0.1, dns: [10.10.0.53]}]}]
          waves: [{name: first, take: 1, once: {beforeOutages: freeze.sh}}, {name: rest, outage: automatic}]
          limits: {switch: 2, host: 10%}
          windows: {switch: {opens: saturday 22:00, closes: sunday 06:00, timeZone: Europe/Madrid}}
        """;

    [Fact]
    public async Task Outages_say_who_approves_them_what_runs_around_them_and_what_adapters_get()
    {
        var page = await WriteAsync(Home);

        page.ShouldContain("then its service goes down for the switch");
        page.ShouldContain("after approval by ann or bob");
        page.ShouldContain("begin without an approval");
        page.ShouldContain("freeze.sh once before its outages, silence.sh before each outage, dns.sh after each machine has come up");
        page.ShouldContain("adapters at switch DR: switch Prod; VLAN 120; the static MAC address that they have there; 10.20.0.0/16 becomes 10.10.0.0/16, gateway 10.10.0.1, name servers 10.10.0.53");
        page.ShouldContain("<dt>Outages begin only</dt><dd>from Saturday 22:00 to Sunday 06:00, Europe/Madrid</dd>");
        page.ShouldContain("10% on a host, 2 services down at once");
        page.ShouldContain("<td>ann or bob</td><td class=\"text\">Approve that the services of wave first go down.</td>");
        page.ShouldNotContain("services of wave rest go down", Case.Sensitive, "nobody is asked there");
        page.ShouldContain("failback vm rollback MACHINE");
    }

    [Fact]
    public async Task Planned_drill_is_approved_both_ways()
    {
        var page = await WriteAsync("strategy: {name: planned-drill, soak: 2h}");

        page.ShouldContain("two outages, no write lost");
        page.ShouldContain("failback campaign approve home all --way-back");
    }

    [Fact]
    public async Task Failback_calls_have_no_outages_to_approve()
    {
        var page = await WriteAsync("strategy: initiate-failback");

        page.ShouldNotContain("Outages");
        page.ShouldNotContain("HELD");
    }

    [Fact]
    public async Task What_needs_acceptance_is_in_the_command_and_names_stay_texts()
    {
        var page = await WriteAsync(
            "strategy: initiate-failback",
            plan => plan with
            {
                Warnings = [new PlanWarning(PlanWarningKind.HostUnreachable, "The host <b>hv-9</b> could not be asked.")],
                Refused = [.. Enumerable.Range(0, 250).Select(number => new RefusedItem("hv-1", null, $"<i>vm-{number}", "it is running at its primary site"))],
            },
            "it's home.yaml");

        page.ShouldContain("failback campaign create &#x27;it&#x27;\\&#x27;&#x27;s home.yaml&#x27; --accept-warnings");
        page.ShouldContain("Needs acceptance: The host &lt;b&gt;hv-9");
        page.ShouldContain("… and 50 more.");
        page.ShouldNotContain("<i>");
    }

    private static async Task<string> WriteAsync(string spec, Func<CampaignPlan, CampaignPlan>? change = null, string source = "home.yaml")
    {
        var text = $"apiVersion: failback/v1\nkind: Campaign\nmetadata: {{name: home}}\nspec:\n  targets: [{{hosts: {{}}}}]\n  {spec}\n";
        var read = Campaigns.CampaignDocument.Parse(text, "home.yaml", TestContext.Current.CancellationToken);
        read.TryGetValue(out var document).ShouldBeTrue(string.Join("; ", read.Errors));
        var item = new PlannedItem { Id = "6f1d2c3b-0000-4000-8000-000000000001", Wave = 0, Host = "dr-01", VirtualMachineId = Guid.Empty, VirtualMachineName = "web-01" };
        var plan = new CampaignPlan([.. document!.Waves.Select(wave => new PlannedWave(wave.Name, 1, 1, ""))], [item], [], [], [], []);
        var start = new DateTimeOffset(2026, 11, 27, 22, 0, 0, TimeSpan.Zero);
        await using var page = new StringWriter { NewLine = "\n" };
        await HtmlRunbook.WriteAsync(
            new Runbook { Spec = document, Plan = change?.Invoke(plan) ?? plan, Forecast = new CampaignForecast(), StartTime = start, PlanTime = start, PlannedFor = "maria", Document = text, Source = source }, page);
        return page.ToString();
    }
}
