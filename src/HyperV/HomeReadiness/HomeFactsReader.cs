using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>
/// Reads what a host tells about itself and one machine before a return between two hosts. Changes nothing. About ten calls for the host, ten for the
/// machine, two for each adapter and one for each disk. What the host does not offer is named in the facts and holds nothing up.
/// </summary>
internal sealed class HomeFactsReader(
    ICimSession session, ReplicationServiceCaller service, VirtualMachineReader machines, HomeMachineReader machine, ReplicaServerReader replicaServer,
    ConnectionProbe connection, OptionalNamespace windows, OptionalNamespace cluster, TimeProvider time)
{
    private const long Kibibyte = 1024;

    public async Task<HomeFacts> ReadAsync(VirtualMachineId id, ReplicaConnection? toPeer, CancellationToken cancellationToken)
    {
        var unread = new UnreadFacts();
        var found = await machines.FindAsync(id, cancellationToken);
        var settings = found?.ReplicationSettings;
        var server = await unread.TryAsync(HomeSubject.ReplicaServer, () => replicaServer.ReadAsync(cancellationToken));
        unread.Note(HomeSubject.ReplicaServer, server is null ? "the host shows none" : null);
        var allowed = await unread.TryAsync(HomeSubject.AllowedPrimaries, () => replicaServer.ListAllowedPrimariesAsync(cancellationToken));
        unread.Note(HomeSubject.AllowedPrimaries, allowed is null ? "the host shows none" : null);
        var addresses = await unread.TryAsync(HomeSubject.MacRange, () => FirstAsync("Msvm_VirtualSystemManagementServiceSettingData", cancellationToken));
        var view = await cluster.AskAsync(node => new ClusterReader(node).ReadBrokersAsync(cancellationToken));
        unread.Note(HomeSubject.Cluster, view.WhyNot);
        var volumes = await windows.AskAsync(host => VolumeReader.ListAsync(host, cancellationToken));
        unread.Note(HomeSubject.Volumes, volumes.WhyNot);
        var system = await windows.AskAsync(async host => await unread.TryAsync(HomeSubject.Memory, () => ListAsync(host, "Win32_OperatingSystem", cancellationToken)) ?? []);
        unread.Note(HomeSubject.Memory, system.WhyNot);
        string?[] thumbprints = [settings?.CertificateThumbPrint, server?.CertificateThumbPrint];
        var facts = new HomeFacts
        {
            Id = id,
            Clock = default,
            HostName = (await service.FindServiceAsync(cancellationToken))?.GetString("SystemName"),
            IsClusterNode = view is { Value: not null } ? true : view.IsAbsent ? false : null,
            BrokerOnline = view.Value is { Count: > 0 } brokers ? brokers.Any(broker => broker.State == ClusterResourceState.Online) : view.Value is null ? null : false,
            ReplicaServer = server,
            AllowedPrimaries = unread.Bound(HomeSubject.AllowedPrimaries, allowed),
            SupportedVersions = unread.Bound(HomeSubject.SupportedVersions, await unread.TryAsync(HomeSubject.SupportedVersions, () => ListVersionsAsync(cancellationToken))),
            MinimumMacAddress = addresses?.GetString("MinimumMacAddress"),
            MaximumMacAddress = addresses?.GetString("MaximumMacAddress"),
            FreeMemoryBytes = system.Value is [var windowsHost, ..] && windowsHost.GetInteger("FreePhysicalMemory") is { } free ? free * Kibibyte : null,
            Switches = unread.Bound(HomeSubject.Switches, await unread.TryAsync(HomeSubject.Switches, () => ListSwitchesAsync(cancellationToken))),
            Volumes = unread.Bound(HomeSubject.Volumes, volumes.Value),
            Connection = await unread.TryAsync(HomeSubject.Connection, () => TestAsync(toPeer ?? PeerOf(found), cancellationToken)),
            Certificates = await unread.TryAsync(HomeSubject.Certificates, () => ListCertificatesAsync(thumbprints, cancellationToken)),
            Machine = found is null ? null : await machine.ReadAsync(found, unread, cancellationToken),
        };
        return facts with { Unread = unread.All, Clock = time.GetUtcNow() };
    }

    // A relationship that has been reversed already points from the recovery side to home.
    private static ReplicaConnection? PeerOf(VirtualMachine? machine) => machine is not { ReplicationSettings: { IsExternalProvider: false } settings } ? null
        : machine.ReplicationMode is ReplicationMode.Primary ? ReplicaConnection.ToRecovery(settings)
        : ReplicaConnection.ToPrimary(settings);

    private async Task<HomeConnection?> TestAsync(ReplicaConnection? peer, CancellationToken cancellationToken)
        => peer is not null && await connection.TryAsync(peer, cancellationToken) is { } trial
            ? new HomeConnection(FormattableString.Invariant($"{peer.ConnectionPoint}:{peer.Port}"), peer.Port, trial.Reached, trial.Observed)
            : null;

    // The capabilities list settings of every version, and templates of the default version.
    private async Task<IReadOnlyList<string>> ListVersionsAsync(CancellationToken cancellationToken)
    {
        if (await FirstAsync("Msvm_VirtualSystemManagementCapabilities", cancellationToken) is not { Path: { } capabilities })
        {
            throw new CimException(CimErrorCode.NotFound, "the host lists no capabilities");
        }

        var settings = await session.ListAssociatorsAsync(capabilities, "Msvm_SettingsDefineCapabilities", HyperVClasses.VirtualSystemSettingData, cancellationToken);
        return [.. settings.Select(one => one.GetString("Version")).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>> ListSwitchesAsync(CancellationToken cancellationToken)
        => [.. (await ListAsync(session, VirtualSwitches.ClassName, cancellationToken)).Select(one => one.GetString("ElementName")).OfType<string>().Order(StringComparer.OrdinalIgnoreCase)];

    private async Task<IReadOnlyList<HomeCertificate>> ListCertificatesAsync(string?[] thumbprints, CancellationToken cancellationToken)
    {
        string[] named = [.. thumbprints.OfType<string>().Select(Thumbprint.Normalize).Where(one => one.Length > 0).Distinct(StringComparer.Ordinal)];
        if (named.Length == 0)
        {
            return [];
        }

        var (code, texts) = await service.GetSystemCertificatesAsync(cancellationToken);
        if (code is not ReturnCode.Completed)
        {
            throw new CimException(CimErrorCode.Failed, $"the host answered {Numbered.Text(code)}");
        }

        var certificates = texts.Select(CertificateReader.Read).OfType<HostCertificate>().ToList();
        return [.. named.Select(thumbprint => certificates.Find(one => string.Equals(one.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase)) is { } certificate
            ? new HomeCertificate(thumbprint, certificate.Subject, certificate.NotBefore, certificate.NotAfter)
            : new HomeCertificate(thumbprint, null, null, null))];
    }

    private async Task<CimInstance?> FirstAsync(string className, CancellationToken cancellationToken)
        => await ListAsync(session, className, cancellationToken) is [var first, ..] ? first : null;

    private static Task<IReadOnlyList<CimInstance>> ListAsync(ICimSession of, string className, CancellationToken cancellationToken)
        => of.ListInstancesAsync(className, [], cancellationToken);
}

/// <summary>Collects what a host does not show. A host that answers nothing any more is no such case: its failure is passed on.</summary>
internal sealed class UnreadFacts
{
    private readonly List<UnreadFact> _all = [];

    public IReadOnlyList<UnreadFact> All => [.. _all];

    public async Task<T?> TryAsync<T>(string subject, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is CimDataException or ReplicationServiceMissingException or CimException
        {
            ErrorCode: CimErrorCode.InvalidClass or CimErrorCode.NotFound or CimErrorCode.InvalidMethod or CimErrorCode.MethodNotImplemented
                or CimErrorCode.AccessDenied or CimErrorCode.ProviderLoadFailure or CimErrorCode.Failed,
        })
        {
            Note(subject, exception.Message);
            return default;
        }
    }

    public void Note(string subject, string? why)
    {
        if (why is not null && !_all.Exists(one => one.Subject == subject))
        {
            _all.Add(new UnreadFact(subject, why));
        }
    }

    /// <summary>The first items of a list.</summary>
    public IReadOnlyList<T>? Bound<T>(string subject, IReadOnlyList<T>? items)
    {
        if (items?.Count > HomeFacts.MostItems)
        {
            Note(subject, FormattableString.Invariant($"{items.Count} were found, the first {HomeFacts.MostItems} are kept"));
            return [.. items.Take(HomeFacts.MostItems)];
        }

        return items;
    }
}
