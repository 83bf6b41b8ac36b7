using System.Globalization;
using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads and writes a host's certificates, cluster and volumes in estate documents.</summary>
internal static class HostEnvironment
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(36_500);

    public static IReadOnlyList<SimulatedCertificateDescription>? ReadCertificates(Field field)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var certificates = field.List(element => element.Mapping(reader => ReadCertificate(reader, names), "certificate"));
        return field.IsPresent ? certificates : null;
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
        var name = reader.Required("name", EstateLimits.HostName).Described("The cluster's name.").Matching(EstateLimits.HostNamePattern(), EstateLimits.HostName);
        var basis = new SimulatedClusterDescription { Name = name ?? "?" };
        return basis with { Broker = EnumNames<SimulatedBroker>.Read(reader.Optional("broker").Described("State of its replication broker."), basis.Broker) };
    }, "cluster");

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
    {
        var volumes = field.List(element => element.Mapping(ReadVolume, "volume"));
        return field.IsPresent ? volumes : null;
    }

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
        var name = reader.Required("name", "a text of 1 to 64 characters").Described("The name by which virtual machines refer to it, unique on the host.");
        var basis = new SimulatedCertificateDescription { Name = name.Text(1, 64) ?? "?" };
        if (name.IsPresent && !names.Add(basis.Name))
        {
            name.Reject("unique among the host's certificates", $"{name.Path} is '{basis.Name}', which another certificate of the host has too; it must be unique.");
        }

        var expiresIn = reader.Optional("expiresIn").Described("Time from the start until it expires").ByDefault(basis.ExpiresIn);
        var expiredFor = reader.Optional("expiredFor").Described("How long ago it expired; use instead of expiresIn");
        reader.RefuseTogether("expiresIn", "expiredFor");
        var starts = reader.Optional("startsIn").Described("Time from the start until it becomes valid; already valid by default");
        var read = basis with
        {
            DnsNames = reader.Optional("dnsNames").Described("The DNS names it covers; the host's full name by default.").List(ReadDnsName),
            StartsIn = starts.Duration(TimeSpan.Zero, LongestTime),
            ExpiresIn = -expiredFor.Duration(TimeSpan.Zero, LongestTime) ?? expiresIn.Duration(TimeSpan.Zero, LongestTime) ?? basis.ExpiresIn,
            Usages = EnumNames<SimulatedCertificateUsage>.ReadList(
                reader.Optional("usages").Described("Extended key usages; empty for any.").ByDefault(basis.Usages.Select(EnumNames<SimulatedCertificateUsage>.NameOf))) ?? basis.Usages,
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

    private static SimulatedVolumeDescription ReadVolume(MappingReader reader)
    {
        var name = reader.Required("name", EstateLimits.VolumeName).Described("The mount point, ending with a backslash.")
            .Matching(EstateLimits.VolumeNamePattern(), EstateLimits.VolumeName, maximumLength: 260);
        var basis = new SimulatedVolumeDescription { Name = name ?? "?" };
        var capacity = reader.Optional("capacityGigabytes").Described("Capacity.")
            .Number(EstateLimits.VolumeGigabytes.Minimum, EstateLimits.VolumeGigabytes.Maximum, basis.CapacityGigabytes);
        var field = reader.Optional("freeGigabytes").Described("Free space, at most the capacity; half of it by default.");
        var free = field.Number(0, EstateLimits.VolumeGigabytes.Maximum);
        if (free > capacity)
        {
            field.Reject(string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {capacity}"));
        }

        return basis with { CapacityGigabytes = capacity, FreeGigabytes = free };
    }
}
