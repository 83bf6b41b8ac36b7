using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host as a replica server: as its description says until a client changes it.</summary>
internal sealed class ReplicationServer
{
    private readonly string _primaryServer;
    private readonly Lazy<ReplicationServerState> _described;
    private ReplicationServerState? _changed;

    /// <param name="host">The host as it is described.</param>
    /// <param name="certificates">Its certificates, which are dear to make and asked for only when a thumbprint is.</param>
    public ReplicationServer(SimulatedHostDescription host, Func<CertificateStore> certificates)
    {
        _primaryServer = SiteNames.Primary(host);
        _described = new Lazy<ReplicationServerState>(() => Describe(host, certificates), isThreadSafe: false);
    }

    public ReplicationServerState State => _changed ?? _described.Value;

    public ReplicationServerSettings Settings => State.Settings;

    public IReadOnlyList<SimulatedAuthorizationEntry> Entries => State.Entries;

    /// <summary>The entry of a name, or null.</summary>
    public SimulatedAuthorizationEntry? Find(string name) => Find(Entries, name);

    /// <summary>The entry that lets a replica's primary in: the one it was bound to, otherwise the one that says most about that server; null for none.</summary>
    public SimulatedAuthorizationEntry? EntryOf(VirtualMachine machine) => EntryOf(machine, Entries);

    /// <summary>The same for other entries than the present ones.</summary>
    public SimulatedAuthorizationEntry? EntryOf(VirtualMachine machine, IReadOnlyList<SimulatedAuthorizationEntry> entries)
        => machine.AuthorizationEntry is { } bound
            ? Find(entries, bound)
            : entries.Where(entry => LetsIn(entry.AllowedPrimaryHostSystem, _primaryServer)).MaxBy(entry => entry.AllowedPrimaryHostSystem.Length);

    /// <summary>When the monitoring interval began that a moment lies in.</summary>
    public DateTimeOffset IntervalStart(DateTimeOffset now)
    {
        var first = DateTimeOffset.UnixEpoch + Settings.MonitoringStartTime;
        return first + (Settings.MonitoringInterval * Math.Floor((now - first) / Settings.MonitoringInterval));
    }

    /// <summary>What clients have made of it; null while nobody has changed anything.</summary>
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

    private static bool LetsIn(string allowed, string server) => allowed.StartsWith('*')
        ? server.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : string.Equals(allowed, server, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What Msvm_ReplicationServiceSettingData holds.</summary>
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
/// <param name="Entries">Who may replicate to it.</param>
internal sealed record ReplicationServerState(ReplicationServerSettings Settings, IReadOnlyList<SimulatedAuthorizationEntry> Entries);
