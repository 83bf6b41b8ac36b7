using System.Globalization;
using HostAgent.Documents;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads an estate document, reporting every error. One reader reads one document.</summary>
internal sealed class EstateReader
{
    private static readonly DocumentLimits Limits = DocumentLimits.Default with { Bytes = 16 * 1024 * 1024, Time = TimeSpan.FromSeconds(30) };

    private readonly HashSet<string> _hostNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Guid> _machineIds = [];

    public DocumentResult<Estate> Read(string text, string source) => DocumentReader.Read(text, source, ReadEstate, Limits);

    private Estate ReadEstate(MappingReader reader)
    {
        reader.Required("apiVersion", EstateDocument.ApiVersion).Choice(EstateDocument.ApiVersion);
        reader.Required("kind", EstateDocument.Kind).Choice(EstateDocument.Kind);
        var seed = reader.Optional("seed").Integer(int.MinValue, int.MaxValue) ?? 0;
        var generator = reader.Optional("generate");
        var list = reader.Optional("hosts");
        var generated = generator.Mapping(Generate)?.Hosts ?? [];
        foreach (var host in generated)
        {
            _hostNames.Add(host.Name);
            _machineIds.UnionWith(host.VirtualMachines.Select(machine => machine.Id));
        }

        var listed = list.List(field => field.Mapping(host => ReadHost(host, seed)), minimum: 1, EstateGenerator.MaximumCount);
        if (!generator.IsPresent && !list.IsPresent)
        {
            reader.Reject("hosts, generate or both", "The estate has no hosts; it must have hosts, generate or both.");
        }

        return new Estate { Hosts = [.. generated, .. listed] };
    }

    private static Estate Generate(MappingReader reader)
    {
        var count = string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {EstateGenerator.MaximumCount}");
        var hosts = reader.Required("hosts", count).Integer(1, EstateGenerator.MaximumCount);
        var machines = reader.Required("virtualMachines", count).Integer(0, EstateGenerator.MaximumCount);
        var seed = reader.Optional("seed").Integer(int.MinValue, int.MaxValue);

        // After an error the result is discarded, so the smallest estate will do.
        return EstateGenerator.Generate(hosts ?? 1, hosts is null ? 0 : machines ?? 0, seed ?? 0);
    }

    private SimulatedHostDescription ReadHost(MappingReader reader, int seed)
    {
        var name = ReadHostName(reader);
        var basis = new SimulatedHostDescription { Name = name };
        var platform = reader.Optional("platform");
        var host = ReplicationServerKeys.Read(reader, basis with
        {
            Platform = EnumNames<HostPlatform>.Read(platform) ?? basis.Platform,
            Site = reader.Optional("site").Text(1, 64) ?? basis.Site,
            PrimarySite = reader.Optional("primarySite").Text(1, 64) ?? basis.PrimarySite,
            LinkMegabitsPerSecond = ReadNumber(reader, "linkMegabitsPerSecond", EstateLimits.LinkMegabits) ?? basis.LinkMegabitsPerSecond,
            CompareMegabytesPerSecond = ReadNumber(reader, "compareMegabytesPerSecond", EstateLimits.DiskMegabytes) ?? basis.CompareMegabytesPerSecond,
            MergeMegabytesPerSecond = ReadNumber(reader, "mergeMegabytesPerSecond", EstateLimits.DiskMegabytes) ?? basis.MergeMegabytesPerSecond,
            MaxConcurrentJobs = reader.Optional("maxConcurrentJobs").Integer(1, 1024),
            Provider = EnumNames<ReplicationProviderKind>.Read(reader.Optional("provider")) ?? basis.Provider,
            ProviderSupportsFailback = reader.Optional("providerSupportsFailback").Boolean(),
            PrimarySiteReachable = reader.Optional("primarySiteReachable").Boolean() ?? basis.PrimarySiteReachable,
            AfterFailure = EnumNames<AfterInterruption>.Read(reader.Optional("afterFailure")) ?? basis.AfterFailure,
            AfterCancel = EnumNames<AfterInterruption>.Read(reader.Optional("afterCancel")) ?? basis.AfterCancel,
            CheckOrder = ReadCheckOrder(reader.Optional("checkOrder")),
            FailbackStates = ReadStates(reader.Optional("failbackStates")),
            FailbackNeedsOff = reader.Optional("failbackNeedsOff").Boolean() ?? basis.FailbackNeedsOff,
            Certificates = HostEnvironment.ReadCertificates(reader.Optional("certificates")) ?? basis.Certificates,
            Cluster = HostEnvironment.ReadCluster(reader.Optional("cluster")),
            Volumes = HostEnvironment.ReadVolumes(reader.Optional("volumes")) ?? basis.Volumes,
            Faults = FaultKinds.Read(reader.Optional("faults"), FaultOwner.Host),
            VirtualMachines = ReadMachines(reader.Optional("virtualMachines"), seed, name),
        });
        foreach (var error in PlatformRules.Errors(host))
        {
            platform.Reject("a platform that supports the host's other settings", error);
        }

        return host;
    }

    private static List<FailbackCheck>? ReadCheckOrder(Field field)
    {
        if (!field.IsPresent)
        {
            return null;
        }

        var order = field.List(element => EnumNames<FailbackCheck>.Read(element) is { } check ? new Named<FailbackCheck>(check) : null).Select(named => named.Value).ToList();
        if (!order.Order().SequenceEqual(Enum.GetValues<FailbackCheck>().Order()))
        {
            field.Reject($"each of {string.Join(", ", Enum.GetValues<FailbackCheck>().Select(EnumNames<FailbackCheck>.NameOf))} exactly once");
        }

        return order;
    }

    private static List<ReplicationState>? ReadStates(Field field) => field.IsPresent
        ? [.. field.List(element => EnumNames<ReplicationState>.Read(element) is { } state ? new Named<ReplicationState>(state) : null, minimum: 1).Select(named => named.Value)]
        : null;

    private string ReadHostName(MappingReader reader)
    {
        var field = reader.Required("name", EstateLimits.HostName);
        if (field.Text() is not { } name)
        {
            return "?";
        }

        if (!EstateLimits.IsHostName(name))
        {
            field.Reject(EstateLimits.HostName);
        }
        else if (!_hostNames.Add(name))
        {
            field.Reject("unique among the hosts", $"{field.Path} is '{name}', which another host has too; it must be unique.");
        }

        return name;
    }

    private IReadOnlyList<SimulatedVirtualMachineDescription> ReadMachines(Field list, int seed, string host)
    {
        var namesakes = new Dictionary<string, int>();
        return list.List(field => field.Mapping(reader => ReadMachine(reader, seed, host, namesakes)), maximum: EstateGenerator.MaximumCount);
    }

    private SimulatedVirtualMachineDescription ReadMachine(MappingReader reader, int seed, string host, Dictionary<string, int> namesakes)
    {
        var name = reader.Required("name", "a text of 1 to 100 characters").Text(1, 100) ?? "?";
        var number = namesakes[name] = namesakes.GetValueOrDefault(name) + 1;
        var basis = new SimulatedVirtualMachineDescription { Name = name, Id = ReadMachineId(reader, seed, host, name, number) };
        var disk = ReadNumber(reader, "diskGigabytes", EstateLimits.DiskGigabytes) ?? basis.DiskGigabytes;
        return basis with
        {
            DiskGigabytes = disk,
            Disks = reader.Optional("disks").Integer(1, EstateLimits.Disks) ?? basis.Disks,
            ChangedGigabytes = ReadNumber(reader, "changedGigabytes", new(0, disk)) ?? Math.Min(disk, basis.ChangedGigabytes),
            State = EnumNames<ReplicationState>.Read(reader.Optional("state")) ?? basis.State,
            Mode = EnumNames<ReplicationMode>.Read(reader.Optional("mode")) ?? basis.Mode,
            Health = EnumNames<ReplicationHealth>.Read(reader.Optional("health")) ?? basis.Health,
            Power = EnumNames<EnabledState>.Read(reader.Optional("power")) ?? basis.Power,
            RecoveryHistory = reader.Optional("recoveryHistory").Integer(0, EstateLimits.RecoveryHistory) ?? basis.RecoveryHistory,
            ApplicationConsistentHours = reader.Optional("applicationConsistentHours").Integer(0, EstateLimits.ApplicationConsistentHours) ?? basis.ApplicationConsistentHours,
            SinceLastReplication = reader.Optional("sinceLastReplication").Duration(TimeSpan.Zero, TimeSpan.FromDays(365)) ?? basis.SinceLastReplication,
            Extended = reader.Optional("extended").Boolean() ?? basis.Extended,
            PeerState = EnumNames<ReplicationState>.Read(reader.Optional("peerState")) ?? basis.PeerState,
            Checkpoints = reader.Optional("checkpoints").List(field => field.Text(1, 100)),
            Present = reader.Optional("present").Boolean() ?? basis.Present,
            Authentication = EnumNames<AuthenticationType>.Read(reader.Optional("authentication")) ?? basis.Authentication,
            Certificate = reader.Optional("certificate").Text(1, 64),
            OwnerNode = reader.Optional("ownerNode").Text(1, 63),
            Faults = FaultKinds.Read(reader.Optional("faults"), FaultOwner.VirtualMachine),
        };
    }

    private Guid ReadMachineId(MappingReader reader, int seed, string host, string name, int number)
    {
        var field = reader.Optional("id");
        var id = field.Uuid() ?? SeededGuid.Create(seed, "virtual machine", host, name, number.ToString(CultureInfo.InvariantCulture));
        if (!_machineIds.Add(id) && field.IsPresent)
        {
            field.Reject("unique in the estate", $"{field.Path} is '{id}', which another virtual machine has too; it must be unique.");
        }

        return id;
    }

    private static double? ReadNumber(MappingReader reader, string key, EstateLimits.Range range)
        => reader.Optional(key).Number(range.Minimum, range.Maximum);

    // Document lists take reference types; this wraps an enum value.
    private sealed record Named<T>(T Value);
}
