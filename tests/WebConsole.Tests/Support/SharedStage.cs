namespace HostAgent.WebConsole.Tests.Support;

/// <summary>
/// One estate for many tests: a pair of hosts whose machines go home host to host, and a host with an external provider whose machines do what their names say. Each test
/// has machines and campaigns of its own.
/// </summary>
public sealed class SharedStage : IAsyncLifetime
{
    private const string Estate = """
        apiVersion: failback/v1
        kind: Estate
        hosts:
          - name: main-01
            site: main
            provider: inBox
            virtualMachines:
              - {name: hang-01, id: 5a0c1e7e-0000-4000-8000-000000000001, mode: primary, state: waitingForStartResynchronize, diskGigabytes: 5, faults: [{kind: stepStuck, jobType: 12, times: 1}]}
          - name: dr-01
            site: dr
            primarySite: main
            provider: inBox
            virtualMachines:
              - {name: hang-01, id: 5a0c1e7e-0000-4000-8000-000000000001, state: recovered, power: running, diskGigabytes: 5, changedGigabytes: 1}
          - name: hv-west-01
            site: west
            primarySite: east
            virtualMachines:
              - {name: stuck-01, diskGigabytes: 10, faults: [{kind: percentStuck}]}
              - {name: plan-01, diskGigabytes: 10, faults: [{kind: percentStuck}]}
              - {name: gone-01, diskGigabytes: 10, faults: [{kind: jobVanishes, state: recovered}]}
              - {name: gate-01, diskGigabytes: 10}
              - {name: gate-02, diskGigabytes: 10}
              - {name: gate-03, diskGigabytes: 10}
              - {name: changed-01, diskGigabytes: 10}
              - {name: ready-01, diskGigabytes: 10}
              - {name: many-01, diskGigabytes: 10}
        pairs:
          - home: main-01
            recovery: dr-01
            megabitsPerSecond: 10000
            virtualMachines:
              - {name: web-01, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
              - {name: web-02, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
              - {name: wiki-01, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
              - {name: down-01, scenario: failedOver, diskGigabytes: 5, changedGigabytes: 1}
              - {name: erp-01, scenario: bothRun, diskGigabytes: 5, changedGigabytes: 1}
        """;

    private static readonly Dictionary<string, string> Hosts = new(StringComparer.Ordinal)
    {
        ["main-01"] = "site: main",
        ["dr-01"] = "site: dr, primarySite: main",
        ["hv-west-01"] = "site: west, primarySite: east",
    };

    // Mail that nobody takes.
    private static readonly string[] Channel =
    [
        .. new[] { ("Kind", "email"), ("SmtpHost", "127.0.0.1"), ("SmtpPort", "1"), ("SmtpSecurity", "none"), ("From", "failback@example.com"), ("To:0", "dr@example.com") }
            .SelectMany(setting => new[] { $"--Coordinator:Notifications:Channels:night:{setting.Item1}", setting.Item2 }),
    ];

    internal ConsoleStage Stage { get; private set; } = null!;

    /// <summary>A campaign of machines of the host with an external provider.</summary>
    internal static string West(string name, string machines, string more = "") => $$$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: {{{name}}}}
        spec:
          targets: [{host: hv-west-01, vms: {names: [{{{machines}}}]}}]
          strategy: initiate-failback
        {{{more}}}
        """;

    /// <summary>A campaign of machines of the pair.</summary>
    internal static string Home(string name, string machines) => $$$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: {{{name}}}}
        spec:
          targets: [{host: dr-01, vms: {names: [{{{machines}}}]}}]
          strategy: {name: host-to-host, attach: automatic, rehearse: false, verify: {heartbeat: 2h}}
          limits: {switch: 1}
        """;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Stage = await ConsoleStage.StartAsync(Estate, Hosts, 120, withConsole: true, Channel);
        await CreateAsync(West("shown", "ready-01, many-01", "  waves: [{name: first, take: 1}, {name: second}]").Replace("{name: shown}", "{name: shown, labels: {ticket: DR-1042}}", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    internal async Task<Campaign> CreateAsync(string document, bool start = false)
    {
        await ConsoleStage.UntilAsync(
            async () => (await Stage.Hosts.ListHostsAsync(new ListHostsRequest())).Hosts.All(host => host.Reachability == Reachability.Reachable), "all hosts to answer");
        var campaign = await Stage.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = document, Source = "test.yaml" } });
        return start ? await Stage.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }) : campaign;
    }

    internal Task<Campaign> GetAsync(string id) => Stage.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = $"campaigns/{id}" }).ResponseAsync;

    internal Task UntilAsync(string id, Func<Campaign, bool> condition, string what) => ConsoleStage.UntilAsync(async () => condition(await GetAsync(id)), what);
}
