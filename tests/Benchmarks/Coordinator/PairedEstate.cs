using System.Globalization;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>
/// Pairs of simulated hosts with an agent each, whose machines have failed over and run at the recovery site. A machine goes home once, so each campaign has pairs of its own.
/// </summary>
internal sealed class PairedEstate : AgentEstate
{
    private const int Seed = 7;

    private readonly Estate _estate;
    private readonly int _pairs;
    private int _campaigns;

    private PairedEstate(PairWork work)
        : base(2 * work.Pairs * work.Campaigns)
    {
        var estate = EstateGenerator.GeneratePairs(work.Pairs * work.Campaigns, work.MachinesPerPair, Seed);
        // The disks of an estate would take hours, at any speed.
        _estate = estate with { Hosts = [.. estate.Hosts.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { DiskGigabytes = 4, ChangedGigabytes = 0.2 })] })] };
        _pairs = work.Pairs;
    }

    /// <summary>Starts the agents for so much work.</summary>
    public static async Task<PairedEstate> StartAsync(PairWork work, CancellationToken cancellation)
    {
        var estate = new PairedEstate(work);
        try
        {
            await estate.StartAsync(cancellation);
            return estate;
        }
        catch
        {
            await estate.DisposeAsync();
            throw;
        }
    }

    /// <summary>A campaign that brings the machines of the next pairs home.</summary>
    public override Task<string> NextAsync(int items, int inFlight, CancellationToken cancellation)
    {
        var pairs = _estate.Pairs.Skip(_pairs * _campaigns++).Take(_pairs).Select(pair => $"{{host: {pair.Recovery}}}");
        var perHost = Math.Max(1, (inFlight + _pairs - 1) / _pairs);
        return Task.FromResult(string.Create(CultureInfo.InvariantCulture, $$$"""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: home-{{{_campaigns}}}}
            spec:
              targets: [{{{string.Join(", ", pairs)}}}]
              strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}
              waves: [{name: all}]
              limits: {host: {{{perHost}}}, switch: {{{inFlight}}}}
            """));
    }

    public override async Task<double> CpuSecondsAsync(CancellationToken cancellation) =>
        (await Task.WhenAll(Processes.Select(process => process.TellAsync(0, cancellation)))).Sum(figures => figures.CpuSeconds);

    private async Task StartAsync(CancellationToken cancellation)
    {
        var document = Path.Combine(AgentDirectory, "estate.yaml");
        await File.WriteAllTextAsync(document, EstateDocument.Write(_estate), cancellation);
        Start("paired-agents", "--directory", AgentDirectory, "--estate", document);
        var ports = await Processes.Single().ReadAsync<List<int>>(cancellation);
        await WriteInventoryAsync(
            _estate.Hosts.Zip(ports, (host, port) => string.Create(
                CultureInfo.InvariantCulture,
                // Nothing returns from a host at home.
                $"{{name: {host.Name}, address: 'https://127.0.0.1:{port}', site: {host.Site}{(_estate.Pairs.Any(pair => pair.Home == host.Name) ? "" : $", primarySite: {host.PrimarySite}")}}}")),
            cancellation);
    }
}
