using HostAgent.Faults.Histories;
using HostAgent.Faults.Running;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.Faults.Rows;

/// <summary>A row of the menu of faults.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Title">What is broken.</param>
/// <param name="Variants">How; a seed takes the one at its place, and all are taken in turn.</param>
internal sealed record FaultRow(int Number, string Title, IReadOnlyList<FaultVariant> Variants)
{
    /// <summary>Why it cannot be run here; null when it can.</summary>
    public Func<string?> WhyNot { get; init; } = () => null;

    /// <summary>Decides everything that a seed decides: the same seed decides the same.</summary>
    public (Setup Setup, IReadOnlyList<PlannedStrike> Plan) Decide(int seed)
    {
        var random = new Random((Number * 1_000_003) + seed);
        return VariantOf(seed).Decide(seed, random);
    }

    /// <summary>The variant that a seed takes.</summary>
    public FaultVariant VariantOf(int seed) => Variants[seed % Variants.Count];
}

/// <summary>One way to break what a row breaks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Decide">Decides the setup and the faults.</param>
internal sealed record FaultVariant(string Name, Func<int, Random, (Setup Setup, IReadOnlyList<PlannedStrike> Plan)> Decide);

/// <summary>How large an estate is.</summary>
/// <param name="Hosts">How many hosts it has: an even number, for each of a pair of hosts is one of them.</param>
/// <param name="Machines">How many machines for each of them.</param>
internal sealed record EstateSize(int Hosts, int Machines)
{
    /// <summary>How many pairs of hosts these are.</summary>
    public int Pairs => Hosts / 2;

    /// <summary>How much is done at once, in an estate of this size.</summary>
    public int AtOnce(int atLeast) => Math.Max(atLeast, Pairs);
}

/// <summary>What the rows start with.</summary>
internal static class Scenes
{
    /// <summary>Hosts whose provider has a failback call, and their campaign: two hosts of five machines, three at once, when nothing else is said.</summary>
    public static Setup Failbacks(int seed, Func<SimulatedVirtualMachineDescription, int, SimulatedVirtualMachineDescription>? adapt = null, double diskGigabytes = 20, EstateSize? size = null)
    {
        size ??= new EstateSize(2, 5);
        var estate = EstateGenerator.Generate(size.Hosts, size.Machines, seed);
        estate = estate with
        {
            Hosts = [.. estate.Hosts.Select((host, index) => host with
            {
                VirtualMachines = [.. host.VirtualMachines.Select((machine, at) => Adapt(machine with { DiskGigabytes = diskGigabytes, ChangedGigabytes = 1, State = HyperV.Replication.ReplicationState.Recovered, Checkpoints = [] }, (index * size.Machines) + at))],
            })],
        };
        return new Setup { Estate = estate, Campaigns = [CampaignOf(estate.Hosts, size.AtOnce(atLeast: 3))] };

        SimulatedVirtualMachineDescription Adapt(SimulatedVirtualMachineDescription machine, int index) => adapt?.Invoke(machine, index) ?? machine;
    }

    /// <summary>Pairs of hosts with machines at the recovery site, and their campaign: one pair, three machines and two services down at once, when nothing else is said.</summary>
    public static Setup Returns(int seed, EstateSize? size = null)
    {
        var estate = size is null ? EstateGenerator.GeneratePairs(1, 3, seed, PairScenario.FailedOver) : EstateGenerator.GeneratePairs(size.Pairs, 2 * size.Machines, seed, PairScenario.FailedOver);
        estate = estate with
        {
            Hosts = [.. estate.Hosts.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { DiskGigabytes = 4, ChangedGigabytes = 0.2 })] })],
        };
        return new Setup { Estate = estate, Speed = 40, Bound = TimeSpan.FromMinutes(8), Campaigns = [ReturnOf(estate.Pairs, size?.AtOnce(atLeast: 2) ?? 2)] };
    }

    /// <summary>Both at once, under one coordinator.</summary>
    public static Setup Both(int seed)
    {
        var (failbacks, returns) = (Failbacks(seed, diskGigabytes: 4), Returns(seed));
        return returns with
        {
            Estate = new Estate { Hosts = [.. failbacks.Estate.Hosts, .. returns.Estate.Hosts], Pairs = returns.Estate.Pairs },
            Campaigns = [.. failbacks.Campaigns, .. returns.Campaigns],
        };
    }

    /// <summary>Jobs that succeed and jobs that fail, and hosts that can be made to answer nothing. Every run must have a job that ended and was removed unseen.</summary>
    public static Setup Unseen(int seed, Random random)
    {
        var setup = Failbacks(seed, (machine, _) => random.Next(3) == 0 ? machine with { Faults = [new JobEndsFault { AtPercent = random.Next(20, 95), State = random.Next(2) == 0 ? HyperV.Replication.ReplicationState.Recovered : null, Times = 1 }] } : machine);
        return setup with { UnseenAfter = new SimulationOptions().MinimumJobRetention, Servers = setup.Servers with { Agent = setup.Servers.Agent.WithSilence() } };
    }

    /// <summary>A host fails every so many times.</summary>
    public static Setup With(this Setup setup, Func<SimulatedHostDescription, IReadOnlyList<Fault>> faults)
        => setup with { Estate = setup.Estate with { Hosts = [.. setup.Estate.Hosts.Select(host => host with { Faults = faults(host) })] } };

    /// <summary>Machines fail every so many times.</summary>
    public static Setup WithMachines(this Setup setup, Func<SimulatedVirtualMachineDescription, IReadOnlyList<Fault>> faults)
        => setup with { Estate = setup.Estate with { Hosts = [.. setup.Estate.Hosts.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { Faults = faults(machine) })] })] } };

    private static CampaignSetup CampaignOf(IReadOnlyList<SimulatedHostDescription> hosts, int atOnce) => new("failbacks", $$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: failbacks}
        spec:
          targets: [{{string.Join(", ", hosts.Select(host => $"{{host: {host.Name}}}"))}}]
          strategy: initiate-failback
          limits: {campaign: {{atOnce}}, host: 2}
          retry: {attempts: 50, initial: 1s, factor: 1, max: 1s}
          timeouts: {unreachable: 10m}
          tolerance: {failures: 100%}
        """, new Allowed(Campaign: atOnce, Host: 2), IsHostToHost: false) { UnreachableAfter = TimeSpan.FromMinutes(10) };

    private static CampaignSetup ReturnOf(IReadOnlyList<SimulatedPairDescription> pairs, int atOnce) => new("returns", $$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: returns}
        spec:
          targets: [{{string.Join(", ", pairs.Select(pair => $"{{host: {pair.Recovery}}}"))}}]
          strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}
          limits: {switch: {{atOnce}}, host: 10}
          retry: {attempts: 50, initial: 1s, max: 2s}
          tolerance: {failures: 100%}
        """, new Allowed(Switch: atOnce), IsHostToHost: true);
}
