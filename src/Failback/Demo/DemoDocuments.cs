using System.Globalization;

namespace HostAgent.Failback.Demo;

/// <summary>The documents of a demo, as an operator would write them.</summary>
internal static class DemoDocuments
{
    public const string CampaignName = "return-to-primary";

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
}
