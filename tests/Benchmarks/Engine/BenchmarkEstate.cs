using System.Globalization;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Benchmarks.Engine;

/// <summary>An estate of any size and the campaign that takes all of it back: waves, a ramp, a dependency, every limit, retries.</summary>
internal static class BenchmarkEstate
{
    public const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: benchmark}
        spec:
          targets: [{}]
          waves:
            - {name: canary, take: 1%}
            - {name: databases, match: {vms: {names: ["db-*"]}}}
            - {name: rest, ramp: {start: 50, factor: 2}}
          dependencies: [{item: {vm: app-*}, after: {vm: directory-*}}]
          limits: {campaign: 5%, host: 3, site: 2%, link: 1%, tenant: 1%}
          tolerance: {failures: 100%}
          retry: {attempts: 100, initial: 5s, factor: 1.5, max: 1m, failedJobs: true}
        """;

    private const int MachinesOfAHost = 10;
    private const int Sites = 20;
    private const int PrimarySites = 5;
    private const int Tenants = 50;
    private const int Directories = 5;

    /// <summary>The same campaign for machines that go home host to host, with its own limit and a set that goes down together.</summary>
    public const string PairsDocument = Document + """

          strategy: {name: host-to-host, outage: automatic}
          together: [{vm: directory-*}]
        """;

    public static CampaignSpec Spec { get; } = CampaignDocument.Parse(Document, "benchmark.yaml").Require();

    public static CampaignSpec PairsSpec { get; } = CampaignDocument.Parse(PairsDocument.Replace("tenant: 1%}", "tenant: 1%, switch: 5%}", StringComparison.Ordinal), "benchmark.yaml").Require();

    /// <summary>The hosts; for pairs also as many at home, each with the machines of one host.</summary>
    public static EstateView Of(int hosts, bool pairs = false)
    {
        var production = Enumerable.Range(0, hosts).Select(Host).ToList();
        return new EstateView(!pairs ? production :
        [
            .. production.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { Mode = ReplicaMode.Replica })] }),
            .. production.Select((host, number) => new EstateHost
            {
                Name = Named("home", number),
                Site = host.PrimarySite,
                VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { IneligibleReason = "production does not run here" })],
            }),
        ]);
    }

    /// <summary>The machines that others wait for.</summary>
    public static bool IsDirectory(PlannedItem item) => item.VirtualMachineName.StartsWith("directory-", StringComparison.Ordinal);

    private static EstateHost Host(int host) => new()
    {
        Name = Named("hv", host),
        Site = Named("site", host % Sites),
        PrimarySite = Named("primary", host % PrimarySites),
        Tenant = Named("tenant", host % Tenants),
        VirtualMachines = [.. Enumerable.Range(0, MachinesOfAHost).Select(place => Machine(host, place))],
    };

    private static EstateVirtualMachine Machine(int host, int place)
    {
        var kind = place switch
        {
            0 when host < Directories => "directory",
            <= 1 => "db",
            <= 4 => "app",
            _ => "web",
        };
        return new EstateVirtualMachine { Id = new Guid(host, (short)place, 0, new byte[8]), Name = Named(kind, (host * MachinesOfAHost) + place), DiskBytes = 40L << 30 };
    }

    private static string Named(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
}
