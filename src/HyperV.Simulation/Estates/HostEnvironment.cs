using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads and writes a host's certificates, cluster and volumes in estate documents.</summary>
internal static class HostEnvironment
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(36_500);

    public static IReadOnlyList<SimulatedCertificateDescription>? ReadCertificates(Field field)
    {
        if (!field.IsPresent)
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        return field.List(element => element.Mapping(reader => ReadCertificate(reader, names)));
    }

    public static Dictionary<string, object> Write(SimulatedCertificateDescription certificate)
    {
        var basis = new SimulatedCertificateDescription { Name = certificate.Name };
        var written = new Dictionary<string, object> { ["name"] = certificate.Name };
        if (certificate.DnsNames.Count > 0)
        {
            written["dnsNames"] = certificate.DnsNames;
        }

        if (certificate.StartsIn is { } start)
        {
            written["startsIn"] = DurationText.Write(start);
        }

        if (certificate.ExpiresIn != basis.ExpiresIn)
        {
            written[certificate.ExpiresIn < TimeSpan.Zero ? "expiredFor" : "expiresIn"] = DurationText.Write(certificate.ExpiresIn.Duration());
        }

        if (!certificate.Usages.SequenceEqual(basis.Usages))
        {
            written["usages"] = certificate.Usages.Select(EnumNames<SimulatedCertificateUsage>.NameOf).ToList();
        }

        return written;
    }

    public static SimulatedClusterDescription? ReadCluster(Field field) => field.Mapping(reader =>
    {
        var name = reader.Required("name", EstateLimits.HostName);
        var basis = new SimulatedClusterDescription { Name = name.Text() ?? "?" };
        if (name.IsPresent && !EstateLimits.IsHostName(basis.Name))
        {
            name.Reject(EstateLimits.HostName);
        }

        return basis with { Broker = EnumNames<SimulatedBroker>.Read(reader.Optional("broker")) ?? basis.Broker };
    });

    public static Dictionary<string, object> Write(SimulatedClusterDescription cluster)
    {
        var written = new Dictionary<string, object> { ["name"] = cluster.Name };
        if (cluster.Broker is not SimulatedBroker.Online)
        {
            written["broker"] = EnumNames<SimulatedBroker>.NameOf(cluster.Broker);
        }

        return written;
    }

    public static IReadOnlyList<SimulatedVolumeDescription>? ReadVolumes(Field field)
        => field.IsPresent ? field.List(element => element.Mapping(ReadVolume)) : null;

    public static Dictionary<string, object> Write(SimulatedVolumeDescription volume)
    {
        var written = new Dictionary<string, object> { ["name"] = volume.Name };
        if (volume.CapacityGigabytes != new SimulatedVolumeDescription { Name = volume.Name }.CapacityGigabytes)
        {
            written["capacityGigabytes"] = volume.CapacityGigabytes;
        }

        if (volume.FreeGigabytes is { } free)
        {
            written["freeGigabytes"] = free;
        }

        return written;
    }

    private static SimulatedCertificateDescription ReadCertificate(MappingReader reader, HashSet<string> names)
    {
        var name = reader.Required("name", "a text of 1 to 64 characters");
        var basis = new SimulatedCertificateDescription { Name = name.Text(1, 64) ?? "?" };
        if (name.IsPresent && !names.Add(basis.Name))
        {
            name.Reject("unique among the host's certificates", $"{name.Path} is '{basis.Name}', which another certificate of the host has too; it must be unique.");
        }

        var expiresIn = reader.Optional("expiresIn");
        var expiredFor = reader.Optional("expiredFor");
        if (expiresIn.IsPresent && expiredFor.IsPresent)
        {
            expiredFor.Reject("omitted when expiresIn is given");
        }

        var starts = reader.Optional("startsIn");
        var read = basis with
        {
            DnsNames = reader.Optional("dnsNames").List(ReadDnsName),
            StartsIn = starts.Duration(TimeSpan.Zero, LongestTime),
            ExpiresIn = -expiredFor.Duration(TimeSpan.Zero, LongestTime) ?? expiresIn.Duration(TimeSpan.Zero, LongestTime) ?? basis.ExpiresIn,
            Usages = ReadUsages(reader.Optional("usages")) ?? basis.Usages,
        };
        if (read.StartsIn >= read.ExpiresIn)
        {
            starts.Reject("before the certificate expires");
        }

        return read;
    }

    private static string? ReadDnsName(Field field)
    {
        var name = field.Text(1, 253);
        if (name is not null && !EstateLimits.IsDnsName(name))
        {
            field.Reject(EstateLimits.DnsName);
            return null;
        }

        return name;
    }

    private static List<SimulatedCertificateUsage>? ReadUsages(Field field) => field.IsPresent
        ? [.. field.List(element => EnumNames<SimulatedCertificateUsage>.Read(element) is { } usage ? (object)usage : null).Cast<SimulatedCertificateUsage>()]
        : null;

    private static SimulatedVolumeDescription ReadVolume(MappingReader reader)
    {
        var name = reader.Required("name", EstateLimits.VolumeName);
        var basis = new SimulatedVolumeDescription { Name = name.Text(1, 260) ?? "?" };
        if (name.IsPresent && !EstateLimits.IsVolumeName(basis.Name))
        {
            name.Reject(EstateLimits.VolumeName);
        }

        var capacity = reader.Optional("capacityGigabytes").Number(EstateLimits.VolumeGigabytes.Minimum, EstateLimits.VolumeGigabytes.Maximum) ?? basis.CapacityGigabytes;
        return basis with { CapacityGigabytes = capacity, FreeGigabytes = reader.Optional("freeGigabytes").Number(0, capacity) };
    }
}
