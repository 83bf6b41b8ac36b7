using System.Globalization;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>
/// Generates a plausible estate: recovery hosts with replicas that have failed over, are off, healthy and ready for failback.
/// The same arguments produce the same estate on every machine.
/// </summary>
public static class EstateGenerator
{
    /// <summary>Maximum number of hosts, and of virtual machines per host.</summary>
    public const int MaximumCount = 10_000;

    private static readonly string[] Regions = ["west", "east", "north", "south"];

    /// <summary>Generates an estate.</summary>
    /// <param name="hosts">Number of hosts, 1 to <see cref="MaximumCount"/>.</param>
    /// <param name="virtualMachinesPerHost">Virtual machines per host, 0 to <see cref="MaximumCount"/>.</param>
    /// <param name="seed">Random seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Estate Generate(int hosts, int virtualMachinesPerHost, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hosts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hosts, MaximumCount);
        ArgumentOutOfRangeException.ThrowIfNegative(virtualMachinesPerHost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(virtualMachinesPerHost, MaximumCount);
        var random = new Random(seed);
        var names = new WorkloadNames();
        var generated = new List<SimulatedHostDescription>(hosts);
        for (var index = 0; index < hosts; index++)
        {
            var (region, number) = PlaceOf(index);
            var name = string.Create(CultureInfo.InvariantCulture, $"hv-{region}-{number:00}");
            generated.Add(new SimulatedHostDescription
            {
                Name = name,
                Site = $"dr-{region}",
                PrimarySite = $"main-{region}",
                VirtualMachines = [.. Enumerable.Range(0, virtualMachinesPerHost).Select(vm => Draw(random, names, seed, name, vm))],
            });
        }

        return new Estate { Hosts = generated };
    }

    /// <summary>Generates pairs of hosts that replicate to each other with the in-box provider, and machines on both.</summary>
    /// <param name="pairs">Number of pairs, 1 to half of <see cref="MaximumCount"/>.</param>
    /// <param name="virtualMachinesPerPair">Virtual machines per pair, 0 to <see cref="MaximumCount"/>.</param>
    /// <param name="seed">Random seed.</param>
    /// <param name="scenario">How the machines stand at the beginning.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Estate GeneratePairs(int pairs, int virtualMachinesPerPair, int seed, PairScenario scenario = PairScenario.FailedOver)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pairs, MaximumCount / 2);
        ArgumentOutOfRangeException.ThrowIfNegative(virtualMachinesPerPair);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(virtualMachinesPerPair, MaximumCount);
        var random = new Random(seed);
        var names = new WorkloadNames();
        var hosts = new List<SimulatedHostDescription>(2 * pairs);
        var generated = new List<SimulatedPairDescription>(pairs);
        for (var index = 0; index < pairs; index++)
        {
            var (region, number) = PlaceOf(index);
            var (home, recovery) = (string.Create(CultureInfo.InvariantCulture, $"main-{region}-{number:00}"), string.Create(CultureInfo.InvariantCulture, $"dr-{region}-{number:00}"));
            var machines = Enumerable.Range(0, virtualMachinesPerPair).Select(vm => Draw(random, names, seed, home, vm)).ToList();
            hosts.Add(Host(home, $"main-{region}", $"dr-{region}", machines.Select(machine => PairScenarios.Home(scenario, machine)).OfType<SimulatedVirtualMachineDescription>()));
            hosts.Add(Host(recovery, $"dr-{region}", $"main-{region}", machines.Select(machine => PairScenarios.Recovery(scenario, machine))));
            generated.Add(new SimulatedPairDescription { Home = home, Recovery = recovery });
        }

        return new Estate { Hosts = hosts, Pairs = generated };

        static SimulatedHostDescription Host(string name, string site, string other, IEnumerable<SimulatedVirtualMachineDescription> machines)
            => new() { Name = name, Site = site, PrimarySite = other, Provider = ReplicationProviderKind.InBox, VirtualMachines = [.. machines] };
    }

    // Hosts are assigned to sites in blocks of eight, so a small estate has one site and a large one several.
    private static (string Region, int Number) PlaceOf(int index) => (Regions[index / 8 % Regions.Length], (index / (8 * Regions.Length) * 8) + (index % 8) + 1);

    private static SimulatedVirtualMachineDescription Draw(Random random, WorkloadNames names, int seed, string host, int index)
    {
        var workload = Workload.Draw(random);
        var disk = workload.DrawDiskGigabytes(random);
        var changedShare = 0.005 + (random.NextDouble() * 0.035);
        return new SimulatedVirtualMachineDescription
        {
            Name = names.Next(workload.Prefix),
            Id = SeededGuid.Create(seed, "virtual machine", host, index.ToString(CultureInfo.InvariantCulture)),
            DiskGigabytes = disk,
            ChangedGigabytes = Math.Round(disk * changedShare, 1, MidpointRounding.AwayFromZero),
            State = random.NextDouble() < 0.3 ? ReplicationState.Committed : ReplicationState.Recovered,
            RecoveryHistory = 4 + (4 * random.Next(0, 4)),
            SinceLastReplication = TimeSpan.FromMinutes(random.Next(90, 720)),
        };
    }

    /// <summary>Numbers the virtual machines of each workload across the estate: sql-01, sql-02, and so on.</summary>
    private sealed class WorkloadNames
    {
        private readonly Dictionary<string, int> _last = [];

        public string Next(string prefix)
        {
            var number = _last.GetValueOrDefault(prefix) + 1;
            _last[prefix] = number;
            return string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:00}");
        }
    }

    /// <summary>A kind of virtual machine: its frequency and typical disk size (log-normal around the median).</summary>
    private sealed record Workload(string Prefix, double Share, double MedianGigabytes, double Spread)
    {
        private static readonly Workload[] All =
        [
            new("app", 0.34, 80, 0.35),
            new("web", 0.26, 50, 0.30),
            new("sql", 0.18, 240, 0.55),
            new("file", 0.12, 400, 0.60),
            new("dc", 0.10, 60, 0.15),
        ];

        public static Workload Draw(Random random)
        {
            var point = random.NextDouble();
            foreach (var workload in All)
            {
                point -= workload.Share;
                if (point < 0)
                {
                    return workload;
                }
            }

            return All[0];
        }

        public double DrawDiskGigabytes(Random random)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var size = MedianGigabytes * Math.Exp(Spread * Math.Clamp(normal, -2.5, 2.5));
            return Math.Max(20, Math.Round(size / 10, MidpointRounding.AwayFromZero) * 10);
        }
    }
}
