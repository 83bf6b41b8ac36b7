using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads and writes the pairs of an estate document.</summary>
internal static class PairKeys
{
    private static readonly TimeSpan LongestLatency = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(365);

    /// <summary>Reads one pair; null after an error in its hosts.</summary>
    /// <param name="reader">The pair's mapping.</param>
    /// <param name="findHost">Finds a host of the estate by its name.</param>
    /// <param name="taken">The hosts that are in a pair already.</param>
    /// <param name="readMachine">Reads what both sides of a machine have in common.</param>
    /// <param name="add">Takes the machines of both hosts.</param>
    public static SimulatedPairDescription? Read(
        MappingReader reader,
        Func<string, SimulatedHostDescription?> findHost,
        HashSet<string> taken,
        Func<MappingReader, string, SimulatedVirtualMachineDescription> readMachine,
        Action<string, SimulatedVirtualMachineDescription> add)
    {
        var home = ReadHost(reader.Required("home", "a host of the estate").Described("The name of the host at home."));
        var recovery = ReadHost(reader.Required("recovery", "a host of the estate").Described("The name of the host at the recovery site."));
        var megabits = reader.Optional("megabitsPerSecond").Described("Bandwidth of the link, in each direction; each host's linkMegabitsPerSecond by default.")
            .Number(EstateLimits.LinkMegabits.Minimum, EstateLimits.LinkMegabits.Maximum);
        var latency = reader.Optional("latency").Described("Time of one message one way, in host time").Duration(TimeSpan.Zero, LongestLatency, TimeSpan.Zero);
        var loss = reader.Optional("lossPercent").Described("Share of lost packets; with a latency it limits what one transfer gets.").Number(0, 50, 0);
        var cuts = reader.Optional("cuts").Described("When the link is cut by itself.").List(field => field.Mapping(cut => ReadCut(cut, home, recovery), "linkCut"), maximum: 1000);
        var machines = reader.Optional("virtualMachines").Described("Machines of the pair, on both hosts. Machines of its hosts with equal identifiers belong together too.")
            .List(field => field.Mapping(machine => ReadMachine(machine, home ?? "?", readMachine), "pairMachine"), maximum: EstateGenerator.MaximumCount);
        if (home is null || recovery is null)
        {
            return null;
        }

        foreach (var (scenario, machine) in machines)
        {
            if (PairScenarios.Home(scenario, machine) is { } atHome)
            {
                add(home, atHome);
            }

            add(recovery, PairScenarios.Recovery(scenario, machine));
        }

        return new SimulatedPairDescription
        {
            Home = home,
            Recovery = recovery,
            Link = new SimulatedLinkDescription { MegabitsPerSecond = megabits, Latency = latency, LossPercent = loss, Cuts = cuts },
        };

        string? ReadHost(Field field)
        {
            if (field.Text(1, 15) is not { } name)
            {
                return null;
            }

            if (findHost(name) is not { } host)
            {
                field.Reject("a host of the estate");
                return null;
            }

            if (!taken.Add(host.Name))
            {
                field.Reject("a host that is in no other pair", $"{field.Path} is '{name}', which is in a pair already; a host is in at most one.");
                return null;
            }

            return host.Name;
        }
    }

    public static Dictionary<string, object> Write(SimulatedPairDescription pair)
    {
        var written = new Dictionary<string, object> { ["home"] = pair.Home, ["recovery"] = pair.Recovery };
        if (pair.Link.MegabitsPerSecond is { } megabits)
        {
            written["megabitsPerSecond"] = megabits;
        }

        if (pair.Link.Latency > TimeSpan.Zero)
        {
            written["latency"] = DurationText.Write(pair.Link.Latency);
        }

        if (pair.Link.LossPercent > 0)
        {
            written["lossPercent"] = pair.Link.LossPercent;
        }

        if (pair.Link.Cuts.Count > 0)
        {
            written["cuts"] = pair.Link.Cuts.Select(Write).ToList();
        }

        return written;
    }

    private static Dictionary<string, object> Write(SimulatedLinkCut cut)
    {
        var written = new Dictionary<string, object> { ["after"] = DurationText.Write(cut.After) };
        if (cut.For is { } time)
        {
            written["for"] = DurationText.Write(time);
        }

        if (cut.Towards is { } host)
        {
            written["towards"] = host;
        }

        return written;
    }

    private static SimulatedLinkCut ReadCut(MappingReader reader, string? home, string? recovery)
    {
        var after = reader.Required("after", "a duration").Described("From when, in host time since the start").Duration(TimeSpan.Zero, LongestTime);
        var towards = reader.Optional("towards").Described("The host of the pair that nothing reaches; both by default.");
        var name = towards.Text(1, 15);
        if (name is not null && home is not null && recovery is not null && !Array.Exists([home, recovery], host => string.Equals(host, name, StringComparison.OrdinalIgnoreCase)))
        {
            towards.Reject($"a host of the pair: {home} or {recovery}");
        }

        return new SimulatedLinkCut(after ?? TimeSpan.Zero)
        {
            For = reader.Optional("for").Described("For how long, in host time; for ever by default").Duration(TimeSpan.FromSeconds(1), LongestTime),
            Towards = name,
        };
    }

    private static PairMachine ReadMachine(MappingReader reader, string home, Func<MappingReader, string, SimulatedVirtualMachineDescription> readMachine)
    {
        var scenario = EnumNames<PairScenario>.Read(reader.Optional("scenario").Described("How it stands at the beginning."), PairScenario.FailedOver);
        return new PairMachine(scenario, readMachine(reader, home));
    }

    private sealed record PairMachine(PairScenario Scenario, SimulatedVirtualMachineDescription Machine);
}
