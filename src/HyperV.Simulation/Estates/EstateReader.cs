using System.Globalization;
using HostAgent.Documents;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads an estate document, reporting every error. One reader reads one document.</summary>
internal sealed class EstateReader
{
    private static readonly DocumentLimits Limits = DocumentLimits.Default with { Bytes = 16 * 1024 * 1024, Time = TimeSpan.FromSeconds(30) };

    private readonly HashSet<string> _hostNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, string> _machineHosts = [];
    private readonly List<(Field Field, Guid Id, string Host, string Other)> _repeatedMachines = [];

    public DocumentResult<Estate> Read(string text, string source) => DocumentReader.Read(text, source, ReadEstate, Limits);

    public string Describe() => DocumentSchema.Describe(
        "urn:failback:v1:estate",
        "Estate of simulated Hyper-V hosts",
        "An estate document, YAML 1.2 or JSON. Reading it also checks what a schema cannot express: ranges of durations, forms of names, and rules between keys.",
        ReadEstate);

    private Estate ReadEstate(MappingReader reader)
    {
        reader.Required("apiVersion", EstateDocument.ApiVersion).Choice(EstateDocument.ApiVersion);
        reader.Required("kind", EstateDocument.Kind).Choice(EstateDocument.Kind);
        var seed = reader.Optional("seed").Described("Seed for omitted identifiers.").Integer(int.MinValue, int.MaxValue, fallback: 0);
        var generator = reader.Optional("generate").Described("Generates hosts, before the listed ones.");
        var list = reader.Optional("hosts").Described("The hosts.");
        var generated = generator.Mapping(Generate, "generator");
        foreach (var host in generated?.Hosts ?? [])
        {
            _hostNames.Add(host.Name);
            foreach (var machine in host.VirtualMachines)
            {
                _machineHosts.TryAdd(machine.Id, host.Name);
            }
        }

        List<SimulatedHostDescription> hosts = [.. generated?.Hosts ?? [], .. list.List(field => field.Mapping(host => ReadHost(host, seed), "host"), minimum: 1, EstateGenerator.MaximumCount)];
        var pairs = ReadPairs(reader.Optional("pairs").Described("Hosts that replicate to each other."), hosts, generated?.Pairs ?? [], seed);
        RejectStrangers(pairs);
        reader.RequireAny(["hosts", "generate"], "The estate has no hosts; it must have hosts, generate or both.");
        return new Estate
        {
            Hosts = hosts,
            Pairs = pairs,
            StateDirectory = reader.Optional("stateDirectory").Described("The directory in which paired hosts keep their state, relative to the document; the document's name with .state by default.").Text(1, 1024),
        };
    }

    private List<SimulatedPairDescription> ReadPairs(Field field, List<SimulatedHostDescription> hosts, IReadOnlyList<SimulatedPairDescription> generated, int seed)
    {
        var taken = new HashSet<string>(generated.SelectMany(pair => new[] { pair.Home, pair.Recovery }), StringComparer.OrdinalIgnoreCase);
        var namesakes = new Dictionary<(string Host, string Name), int>();
        var listed = field.List(element => element.Mapping(reader => PairKeys.Read(reader, Find, taken, ReadMachineOfPair, Add), "pair"), maximum: EstateGenerator.MaximumCount);
        return [.. generated, .. listed];

        SimulatedHostDescription? Find(string name) => hosts.Find(host => string.Equals(host.Name, name, StringComparison.OrdinalIgnoreCase));

        void Add(string name, SimulatedVirtualMachineDescription machine)
        {
            var index = hosts.FindIndex(host => host.Name == name);
            hosts[index] = hosts[index] with { VirtualMachines = [.. hosts[index].VirtualMachines, machine] };
        }

        SimulatedVirtualMachineDescription ReadMachineOfPair(MappingReader reader, string home)
        {
            var name = ReadMachineName(reader);
            var number = namesakes[(home, name)] = namesakes.GetValueOrDefault((home, name)) + 1;
            return ReadCommon(reader, new SimulatedVirtualMachineDescription { Name = name, Id = ReadMachineId(reader, seed, "pair " + home, home, name, number) });
        }
    }

    // The same machine on two hosts is one machine of their pair.
    private void RejectStrangers(List<SimulatedPairDescription> pairs)
    {
        foreach (var (field, id, host, other) in _repeatedMachines)
        {
            if (host == other || !pairs.Exists(pair => pair.Has(host) && pair.Has(other)))
            {
                field.Reject("unique in the estate, except on the two hosts of a pair", $"{field.Path} is '{id}', which another virtual machine has too; it must be unique, except on the two hosts of a pair.");
            }
        }
    }

    private static Estate Generate(MappingReader reader)
    {
        var count = string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {EstateGenerator.MaximumCount}");
        var hosts = reader.Optional("hosts").Described("Number of hosts.").Integer(1, EstateGenerator.MaximumCount);
        var pairs = reader.Optional("pairs").Described("Number of pairs of hosts; use instead of hosts.").Integer(1, EstateGenerator.MaximumCount / 2);
        var machines = reader.Required("virtualMachines", count).Described("Virtual machines per host, or per pair.").Integer(0, EstateGenerator.MaximumCount);
        var seed = reader.Optional("seed").Described("Random seed.").Integer(int.MinValue, int.MaxValue, fallback: 0);
        var scenario = EnumNames<PairScenario>.Read(reader.Optional("scenario").Described("How the machines of pairs stand at the beginning."), PairScenario.FailedOver);
        reader.RequireAny(["hosts", "pairs"], $"{reader.Path} has neither hosts nor pairs; it must have one of them.");
        reader.RefuseTogether("hosts", "pairs");

        // After an error the result is discarded, so the smallest estate will do.
        return pairs is { } number ? EstateGenerator.GeneratePairs(number, machines ?? 0, seed, scenario) : EstateGenerator.Generate(hosts ?? 1, hosts is null ? 0 : machines ?? 0, seed);
    }

    private SimulatedHostDescription ReadHost(MappingReader reader, int seed)
    {
        var name = ReadHostName(reader);
        var basis = new SimulatedHostDescription { Name = name };
        var platform = reader.Optional("platform").Described("Windows version; use windowsServer2019 for later versions too.");
        var host = ReplicationServerKeys.Read(reader, HardwareKeys.Read(reader, basis) with
        {
            Platform = EnumNames<HostPlatform>.Read(platform, basis.Platform),
            Site = reader.Optional("site").Described("The recovery site of the host.").Text(1, 64, basis.Site),
            PrimarySite = reader.Optional("primarySite").Described("The primary site of its replicas.").Text(1, 64, basis.PrimarySite),
            LinkMegabitsPerSecond = ReadNumber(reader.Optional("linkMegabitsPerSecond").Described("Bandwidth to the primary site, shared equally by the transferring jobs."), EstateLimits.LinkMegabits, basis.LinkMegabitsPerSecond),
            CompareMegabytesPerSecond = ReadNumber(reader.Optional("compareMegabytesPerSecond").Described("Compare speed of one job."), EstateLimits.DiskMegabytes, basis.CompareMegabytesPerSecond),
            MergeMegabytesPerSecond = ReadNumber(reader.Optional("mergeMegabytesPerSecond").Described("Merge speed of one job."), EstateLimits.DiskMegabytes, basis.MergeMegabytesPerSecond),
            MaxConcurrentJobs = reader.Optional("maxConcurrentJobs").Described("Maximum number of concurrent failback jobs; unlimited by default.").Integer(1, 1024),
            Provider = EnumNames<ReplicationProviderKind>.Read(reader.Optional("provider").Described("Who replicates the virtual machines."), basis.Provider),
            ProviderSupportsFailback = reader.Optional("providerSupportsFailback").Described("Whether the provider supports failback; otherwise InitiateFailback answers 32770. By default an external provider does.").Boolean(),
            PrimarySiteReachable = reader.Optional("primarySiteReachable").Described("Whether the primary site is reachable; otherwise InitiateFailback answers 32777.").Boolean(basis.PrimarySiteReachable),
            AfterFailure = EnumNames<AfterInterruption>.Read(reader.Optional("afterFailure").Described("The replication state after a failed failback."), basis.AfterFailure),
            AfterCancel = EnumNames<AfterInterruption>.Read(reader.Optional("afterCancel").Described("The replication state after a cancelled failback."), basis.AfterCancel),
            CheckOrder = EnumNames<FailbackCheck>.ReadOrder(reader.Optional("checkOrder").Described("The order in which InitiateFailback checks its arguments (assumed).")),
            FailbackStates = EnumNames<ReplicationState>.ReadList(
                reader.Optional("failbackStates").Described("The states in which InitiateFailback is accepted (assumed).")
                    .ByDefault(FailbackRules.Default.AllowedStates.Order().Select(EnumNames<ReplicationState>.NameOf)), minimum: 1),
            FailbackNeedsOff = reader.Optional("failbackNeedsOff").Described("Whether InitiateFailback requires the machine to be off (assumed).").Boolean(basis.FailbackNeedsOff),
            Certificates = HostEnvironment.ReadCertificates(
                reader.Optional("certificates").Described("The certificates in its computer store.").ByDefault(basis.Certificates.Select(HostEnvironment.Write))) ?? basis.Certificates,
            Cluster = HostEnvironment.ReadCluster(reader.Optional("cluster").Described("The failover cluster it is a node of. Its machines are cluster roles, the broker has the settings above, and methods about them answer 32770. None by default.")),
            Volumes = HostEnvironment.ReadVolumes(reader.Optional("volumes").Described("Its volumes.").ByDefault(basis.Volumes.Select(HostEnvironment.Write))) ?? basis.Volumes,
            Faults = FaultKinds.Read(reader.Optional("faults").Described("Faults of the host, or of all its virtual machines."), FaultOwner.Host),
            VirtualMachines = ReadMachines(reader.Optional("virtualMachines").Described("Its virtual machines."), seed, name),
        });
        foreach (var error in PlatformRules.Errors(host))
        {
            platform.Reject("a platform that supports the host's other settings", error);
        }

        return host;
    }

    private static double? ReadChanged(Field field, double disk)
    {
        var changed = field.Number(0, EstateLimits.DiskGigabytes.Maximum);
        if (changed > disk)
        {
            field.Reject(string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {disk}"));
        }

        return changed;
    }

    private string ReadHostName(MappingReader reader)
    {
        var field = reader.Required("name", EstateLimits.HostName).Described("A NetBIOS computer name, unique in the estate.");
        if (field.Matching(EstateLimits.HostNamePattern(), EstateLimits.HostName) is not { } name)
        {
            return "?";
        }

        if (!_hostNames.Add(name))
        {
            field.Reject("unique among the hosts", $"{field.Path} is '{name}', which another host has too; it must be unique.");
        }

        return name;
    }

    private IReadOnlyList<SimulatedVirtualMachineDescription> ReadMachines(Field list, int seed, string host)
    {
        var namesakes = new Dictionary<string, int>();
        return list.List(field => field.Mapping(reader => ReadMachine(reader, seed, host, namesakes), "virtualMachine"), maximum: EstateGenerator.MaximumCount);
    }

    private SimulatedVirtualMachineDescription ReadMachine(MappingReader reader, int seed, string host, Dictionary<string, int> namesakes)
    {
        var name = ReadMachineName(reader);
        var number = namesakes[name] = namesakes.GetValueOrDefault(name) + 1;
        var basis = ReadCommon(reader, new SimulatedVirtualMachineDescription { Name = name, Id = ReadMachineId(reader, seed, host, host, name, number) });
        return basis with
        {
            State = EnumNames<ReplicationState>.Read(reader.Optional("state").Described("The replication state."), basis.State),
            Mode = EnumNames<ReplicationMode>.Read(reader.Optional("mode").Described("The replication mode."), basis.Mode),
            Health = EnumNames<ReplicationHealth>.Read(reader.Optional("health").Described("The replication health."), basis.Health),
            Power = EnumNames<EnabledState>.Read(reader.Optional("power").Described("The power state."), basis.Power),
            Extended = reader.Optional("extended").Described("Whether it has an extended replica.").Boolean(basis.Extended),
            PeerState = EnumNames<ReplicationState>.Read(reader.Optional("peerState").Described("The other side's state, used by a reversal of a host without a pair."), basis.PeerState),
            Present = reader.Optional("present").Described("Whether this host has it at the start.").Boolean(basis.Present),
            Certificate = reader.Optional("certificate").Described("Name of the host's certificate used to authenticate; its first by default. Any other name simulates a missing certificate.").Text(1, 64),
            OwnerNode = reader.Optional("ownerNode").Described("The owner node that the cluster reports; this host by default.").Text(1, 63),
            Faults = FaultKinds.Read(reader.Optional("faults").Described("Faults of its failback, and of its steps."), FaultOwner.VirtualMachine),
        };
    }

    private static string ReadMachineName(MappingReader reader)
        => reader.Required("name", "a text of 1 to 100 characters").Described("The display name; may repeat.").Text(1, 100) ?? "?";

    // What a machine of a host has, and both sides of a machine of a pair have in common.
    private static SimulatedVirtualMachineDescription ReadCommon(MappingReader reader, SimulatedVirtualMachineDescription basis)
    {
        var disk = ReadNumber(reader.Optional("diskGigabytes").Described("What a resynchronisation compares."), EstateLimits.DiskGigabytes, basis.DiskGigabytes);
        return HardwareKeys.Read(reader, basis) with
        {
            DiskGigabytes = disk,
            Disks = reader.Optional("disks").Described("Number of disks that diskGigabytes is divided among.").Integer(1, EstateLimits.Disks, basis.Disks),
            ChangedGigabytes = ReadChanged(reader.Optional("changedGigabytes").Described("Data sent over the link; at most diskGigabytes.").ByDefault(basis.ChangedGigabytes), disk) ?? Math.Min(disk, basis.ChangedGigabytes),
            RecoveryHistory = reader.Optional("recoveryHistory").Described("Number of hourly recovery points kept.").Integer(0, EstateLimits.RecoveryHistory, basis.RecoveryHistory),
            ApplicationConsistentHours = reader.Optional("applicationConsistentHours").Described("Hours between application-consistent points; 0 for none.").Integer(0, EstateLimits.ApplicationConsistentHours, basis.ApplicationConsistentHours),
            SinceLastReplication = reader.Optional("sinceLastReplication").Described("Time from the last replication to the start").Duration(TimeSpan.Zero, TimeSpan.FromDays(365), basis.SinceLastReplication),
            Checkpoints = reader.Optional("checkpoints").Described("Display names of ordinary checkpoints.").List(field => field.Text(1, 100)),
            Authentication = EnumNames<AuthenticationType>.Read(reader.Optional("authentication").Described("How the two sides authenticate."), basis.Authentication),
            StartupAction = EnumNames<StartupAction>.Read(reader.Optional("startupAction").Described("What its host does with it when it starts."), basis.StartupAction),
            Guest = GuestKeys.Read(reader.Optional("guest").Described("Its guest operating system, as the integration services see it.")),
        };
    }

    private Guid ReadMachineId(MappingReader reader, int seed, string owner, string host, string name, int number)
    {
        var field = reader.Optional("id").Described("The identifier; derived from seed, host and name by default.");
        var id = field.Uuid() ?? SeededGuid.Create(seed, "virtual machine", owner, name, number.ToString(CultureInfo.InvariantCulture));
        if (!_machineHosts.TryAdd(id, host) && field.IsPresent)
        {
            _repeatedMachines.Add((field, id, host, _machineHosts[id]));
        }

        return id;
    }

    private static double ReadNumber(Field field, EstateLimits.Range range, double fallback) => field.Number(range.Minimum, range.Maximum, fallback);
}
