using System.Globalization;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Failback.Demo;

/// <summary>The documents of a demo, as an operator would write them.</summary>
internal static class DemoDocuments
{
    public const string CampaignName = "return-to-primary";

    public const string PairCampaignName = "home";

    /// <summary>Who gives the demo's orders, by the name in the certificate.</summary>
    public const string Operator = "demo-operator";

    /// <summary>Host to host: machines of one host under way at once.</summary>
    public const int CopiesPerHost = 5;

    /// <summary>Concurrent failbacks per host.</summary>
    public const int PerHost = 2;

    /// <summary>A campaign with a canary wave, a database wave that ramps up, and a final wave for the rest.</summary>
    public static string Campaign(int hosts) => string.Create(CultureInfo.InvariantCulture, $$$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata:
          name: {{{CampaignName}}}
          labels: {ticket: DR-1042}
        spec:
          targets:
            - vms: {names: ["*"]}                 # every machine that can go back, on every host
          strategy: initiate-failback
          waves:
            - name: canary                        # two machines on two hosts first
              take: 2
              gate: {soak: 2s}
            - name: databases                     # then the databases, 1, 2, 4 ... at a time
              match: {vms: {names: ["sql-*"]}}
              ramp: {start: 1, factor: 2}
            - name: rest                          # then everything else
          limits: {campaign: {{{Math.Max(2, hosts * PerHost * 3 / 4)}}}, host: {{{PerHost}}}}
          tolerance: {failures: 5%, perHost: 2, onBreach: pause}
          retry: {attempts: 5, initial: 1s, factor: 2, max: 10s, jitter: 0.2}
          timeouts: {item: 1h, noProgress: 5m, unreachable: 2m}

        """);

    /// <summary>A campaign host to host: everything is brought in step while production runs on; then services go down wave by wave, each after an approval.</summary>
    public static string PairCampaign(Estate estate) => string.Create(CultureInfo.InvariantCulture, $$$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata:
          name: {{{PairCampaignName}}}
          labels: {ticket: DR-1042}
        spec:
          targets:                                # every machine that runs at the recovery site
        {{{Targets(estate)}}}
          strategy:
            name: host-to-host
            attach: automatic                     # the old copies at home become replicas
            outage: {approval: {by: [{{{Operator}}}]}}    # somebody must approve before services of a wave go down
          waves:
            - name: canary                        # two machines on two hosts first
              take: 2
            - name: databases                     # then the databases
              match: {vms: {names: ["sql-*"]}}
            - name: rest                          # then everything else
          limits: {host: {{{CopiesPerHost}}}, switch: {{{Math.Max(2, estate.Pairs.Count * 2)}}}}     # at most so many services are down at once
          tolerance: {failures: 5%, perHost: 2, onBreach: pause}
          retry: {attempts: 5, initial: 1s, factor: 2, max: 10s, jitter: 0.2}

        """);

    private static string Targets(Estate estate)
        => string.Join('\n', estate.Hosts.Where(host => estate.Pairs.Any(pair => pair.Recovery == host.Name)).Select(host => host.Site).Distinct().Select(site => $"    - hosts: {{site: {site}}}"));
}
