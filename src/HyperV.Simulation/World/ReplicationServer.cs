using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host as a replica server: as in its description until a client changes it.</summary>
internal sealed class ReplicationServer
{
    private readonly string _primaryServer;
    private readonly Lazy<ReplicationServerState> _described;
    private ReplicationServerState? _changed;

    /// <param name="host">The host's description.</param>
    /// <param name="certificates">Its certificates; expensive to create, so only requested for a thumbprint.</param>
    public ReplicationServer(SimulatedHostDescription host, Func<CertificateStore> certificates)
    {
        _primaryServer = SiteNames.Primary(host);
        _described = new Lazy<ReplicationServerState>(() => Describe(host, certificates), isThreadSafe: false);
    }

    public ReplicationServerState State => _changed ?? _described.Value;

    public ReplicationServerSettings Settings => State.Settings;

    public IReadOnlyList<SimulatedAuthorizationEntry> Entries => State.Entries;

    /// <summary>The entry with a name, or null.</summary>
    public SimulatedAuthorizationEntry? Find(string name) => Find(Entries, name);

    /// <summary>The entry that allows a replica's primary: the one it is bound to, otherwise the most specific match for that server; null for none.</summary>
    public SimulatedAuthorizationEntry? EntryOf(VirtualMachine machine) => EntryOf(machine, Entries);

    /// <summary>The same for a given list of entries.</summary>
    public SimulatedAuthorizationEntry? EntryOf(VirtualMachine machine, IReadOnlyList<SimulatedAuthorizationEntry> entries)
        => machine.AuthorizationEntry is { } bound
            ? Find(entries, bound)
            : entries.Where(entry => Allows(entry.AllowedPrimaryHostSystem, _primaryServer)).MaxBy(entry => entry.AllowedPrimaryHostSystem.Length);

    /// <summary>The start of the monitoring interval that contains a moment.</summary>
    public DateTimeOffset IntervalStart(DateTimeOffset now)
    {
        var first = DateTimeOffset.UnixEpoch + Settings.MonitoringStartTime;
        return first + (Settings.MonitoringInterval * Math.Floor((now - first) / Settings.MonitoringInterval));
    }

    /// <summary>Clients' changes; null while there are none.</summary>
    public ReplicationServerState? Summarize() => _changed;

    public void Apply(ReplicationServerState? state) => _changed = state ?? _changed;

    private static ReplicationServerState Describe(SimulatedHostDescription host, Func<CertificateStore> certificates) => new(
        new ReplicationServerSettings
        {
            Enabled = host.RecoveryServerEnabled,
            AllowedAuthentication = host.AllowedAuthentication,
            CertificateThumbPrint = host.AllowedAuthentication.HasFlag(RecoveryServerAuthentication.Certificate) ? certificates().ThumbprintOf(name: null) : null,
            HttpPort = host.HttpPort,
            HttpsPort = host.HttpsPort,
            MonitoringInterval = host.MonitoringInterval,
            MonitoringStartTime = TimeSpan.FromHours(9),
        },
        host.AuthorizationEntries);

    private static SimulatedAuthorizationEntry? Find(IReadOnlyList<SimulatedAuthorizationEntry> entries, string name)
        => entries.FirstOrDefault(entry => string.Equals(entry.AllowedPrimaryHostSystem, name, StringComparison.OrdinalIgnoreCase));

    private static bool Allows(string allowed, string server) => allowed.StartsWith('*')
        ? server.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : string.Equals(allowed, server, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The content of Msvm_ReplicationServiceSettingData.</summary>
internal sealed record ReplicationServerSettings
{
    public bool Enabled { get; init; }

    public RecoveryServerAuthentication AllowedAuthentication { get; init; }

    public string? CertificateThumbPrint { get; init; }

    public int HttpPort { get; init; }

    public int HttpsPort { get; init; }

    public TimeSpan MonitoringInterval { get; init; }

    /// <summary>The time of day, UTC, from which monitoring intervals are counted.</summary>
    public TimeSpan MonitoringStartTime { get; init; }
}

/// <summary>A host as a replica server.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Entries">The servers that may replicate to it.</param>
internal sealed record ReplicationServerState(ReplicationServerSettings Settings, IReadOnlyList<SimulatedAuthorizationEntry> Entries);
