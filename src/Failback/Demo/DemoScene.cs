using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Failback.Demo;

/// <summary>What a demo shows: the hosts with their machines, how fast they work, and the campaign.</summary>
/// <param name="Estate">The simulated hosts.</param>
/// <param name="Speed">How many times faster than real ones they work.</param>
/// <param name="CampaignName">The campaign's name.</param>
/// <param name="Campaign">Its document.</param>
internal sealed record DemoScene(Estate Estate, double Speed, string CampaignName, string Campaign)
{
    private const double FastestHost = 100_000;

    // The time of the busiest host; canary, ramp and soak bring the total to half a minute.
    private static readonly TimeSpan FailbackTime = TimeSpan.FromSeconds(8);

    // The time of the busiest pair's copies. What remains of the minute are the switches, whose steps take what they take at any speed.
    private static readonly TimeSpan CopyTime = TimeSpan.FromSeconds(10);

    /// <summary>How many virtual machines there are, each counted once.</summary>
    public int Machines => Estate.Pairs.Count == 0 ? Estate.VirtualMachineCount : Running.Sum(host => host.VirtualMachines.Count);

    /// <summary>The size of their disks.</summary>
    public long Bytes => (long)(Running.Sum(host => host.VirtualMachines.Sum(machine => machine.DiskGigabytes)) * (1L << 30));

    // The hosts that machines return from.
    private IEnumerable<SimulatedHostDescription> Running => Estate.Pairs.Count == 0 ? Estate.Hosts : Estate.Hosts.Where(host => Estate.Pairs.Any(pair => pair.Recovery == host.Name));

    /// <summary>The scene of a demo.</summary>
    public static DemoScene Of(DemoOptions options) => options.Strategy == DemoStrategy.HostToHost ? HostToHost(options) : InitiateFailback(options);

    private static DemoScene InitiateFailback(DemoOptions options)
    {
        var estate = EstateGenerator.Generate(options.Hosts, options.VirtualMachines, options.Seed);
        return new DemoScene(
            estate, options.Speed ?? SpeedOf(estate, FailbackTime, DemoDocuments.PerHost), DemoDocuments.CampaignName, DemoDocuments.Campaign(options.Hosts));
    }

    private static DemoScene HostToHost(DemoOptions options)
    {
        var estate = EstateGenerator.GeneratePairs(options.Hosts / 2, options.VirtualMachines * 2, options.Seed);
        var scene = new DemoScene(estate, 1, DemoDocuments.PairCampaignName, DemoDocuments.PairCampaign(estate));
        return scene with { Speed = options.Speed ?? SpeedOf(new Estate { Hosts = [.. scene.Running] }, CopyTime, DemoDocuments.CopiesPerHost) };
    }

    private static double SpeedOf(Estate estate, TimeSpan duration, int concurrent) => Math.Clamp(estate.SpeedFor(duration, concurrent), 1, FastestHost);
}
