using System.Globalization;
using HostAgent.Hosting.Settings;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Options;

/// <summary>The settings of a coordinator, section <c>Coordinator</c>.</summary>
public sealed class CoordinatorOptions : ISettingsRules
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Coordinator";

    /// <summary>The address and port to listen on; port 0 takes a free one.</summary>
    /// <value>The default is 127.0.0.1:7444.</value>
    [EndPoint("127.0.0.1:7444 or [::]:7444", IsRequired = true)]
    public string Listen { get; set; } = "127.0.0.1:7444";

    /// <summary>The directory of the store, created when missing. Only one coordinator may use it at a time. Required.</summary>
    [NotBlank("a directory", IsRequired = true)]
    public string Data { get; set; } = string.Empty;

    /// <summary>The inventory of hosts, a YAML or JSON file. Required.</summary>
    [ExistingFile("the inventory of hosts", IsRequired = true)]
    public string Inventory { get; set; } = string.Empty;

    /// <summary>The coordinator's certificate with its chain, a PEM file. Required.</summary>
    [ExistingFile("a PEM certificate", IsRequired = true)]
    public string Certificate { get; set; } = string.Empty;

    /// <summary>The private key of the certificate, a PEM file. Required.</summary>
    [ExistingFile("a PEM private key", IsRequired = true)]
    public string PrivateKey { get; set; } = string.Empty;

    /// <summary>The authority that issued all peers' certificates, a PEM file. Required.</summary>
    [ExistingFile("the authority's PEM certificate", IsRequired = true)]
    public string Authority { get; set; } = string.Empty;

    /// <summary>The deny list, a text file: peers that are refused although their certificates are valid.</summary>
    public string? DeniedCertificates { get; set; }

    /// <summary>Whether to allow TLS 1.2 in addition to TLS 1.3, with operators and with agents. Windows Server 2016 and 2019 support nothing newer.</summary>
    /// <value>The default is false.</value>
    public bool AllowTls12 { get; set; }

    /// <summary>The age at which a connection accepts no more calls; running calls have the same time again to finish.</summary>
    /// <value>The default is 1 hour; at least 1 minute, at most 7 days.</value>
    [Duration("00:01:00", "7.00:00:00")]
    public TimeSpan MaxConnectionAge { get; set; } = EdgeLimits.Default.MaxConnectionAge;

    /// <summary>The most connections open at once.</summary>
    /// <value>Unset by default, which means as many as the limit on open files allows, at most 20,000; at least 1, at most 1,000,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int? MaxConnections { get; set; }

    /// <summary>The most connections of one peer.</summary>
    /// <value>The default is 1,000; at least 1, at most 1,000,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int MaxConnectionsPerPeer { get; set; } = EdgeLimits.Default.MaxConnectionsPerPeer;

    /// <summary>The most concurrent calls of one peer, streams included.</summary>
    /// <value>The default is 5,000; at least 1, at most 1,000,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int MaxCallsPerPeer { get; set; } = EdgeLimits.Default.MaxCallsPerPeer;

    /// <summary>How often each host is probed, plus or minus a fifth.</summary>
    /// <value>The default is 15 seconds; at least 1 second, at most 1 hour.</value>
    [Duration("00:00:01", "01:00:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an agent may take to answer a unary call, or to send the first message of a stream.</summary>
    /// <value>The default is 15 seconds; at least 1 second, at most 5 minutes.</value>
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The first delay before a broken stream is reopened; each further one is twice as long, with jitter.</summary>
    /// <value>The default is 0.5 seconds; at least 10 milliseconds, at most 1 minute.</value>
    [Duration("00:00:00.01", "00:01:00")]
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest delay before a broken stream is reopened.</summary>
    /// <value>The default is 30 seconds; not shorter than <see cref="ReconnectDelay"/>, at most 10 minutes.</value>
    [Duration("00:00:00.01", "00:10:00")]
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many hosts are called concurrently, for plans and for probes.</summary>
    /// <value>The default is 32; 1 to 1024.</value>
    [WholeNumber(1, 1024)]
    public int ConcurrentHostCalls { get; set; } = 32;

    /// <summary>The minimum number of events between two snapshots of a campaign's state; never fewer than its items.</summary>
    /// <value>The default is 1000; 1 to 1,000,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int SnapshotEvents { get; set; } = 1000;

    /// <summary>The shortest time between two updates to one watcher; changes in between are merged.</summary>
    /// <value>The default is 100 milliseconds; at most 1 minute.</value>
    [Duration("00:00:00", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long after its end a campaign is deleted; its audit is kept.</summary>
    /// <value>Unset by default, which means never; at least 1 hour, at most 36,500 days.</value>
    [Duration("01:00:00", "36500.00:00:00")]
    public TimeSpan? CampaignRetention { get; set; }

    /// <summary>How many bytes of the store's disk must be free to create or replace a campaign; the rest is reserved for running campaigns.</summary>
    /// <value>The default is 268435456 (256 MiB); 0, which means no check, to 1099511627776 (1 TiB).</value>
    [WholeNumber(0, 1L << 40, Unit = "bytes")]
    public long MinFreeSpace { get; set; } = 256L << 20;

    /// <summary>
    /// The directory of the application checks that a return may name, and of the programs that a campaign runs around its outages. They are run without a shell.
    /// FAILBACK_VM_ID, FAILBACK_VM_NAME, FAILBACK_HOST and FAILBACK_OCCASION (VERIFY, BEFORE_OUTAGE or AFTER_VERIFY) are in their environment; exit code 0 is good, 75 asks
    /// to be run again, any other is bad.
    /// </summary>
    /// <value>Unset by default, which means that there are none.</value>
    public string? ApplicationChecks { get; set; }

    /// <summary>Where campaigns, returns, drills and proofs are kept.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>The console for browsers.</summary>
    public ConsoleOptions Console { get; set; } = new();

    /// <summary>Who is told what campaigns do.</summary>
    public NotificationOptions Notifications { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<SettingError> Check() => MaxReconnectDelay < ReconnectDelay
        ? [new SettingError(nameof(MaxReconnectDelay), MaxReconnectDelay, string.Create(CultureInfo.InvariantCulture, $"a time (d.hh:mm:ss) from {ReconnectDelay:c}, which is {nameof(ReconnectDelay)}, to 00:10:00"))]
        : [];

    /// <summary>The coordinator's limits on its callers.</summary>
    /// <param name="hosts">The number of hosts it calls.</param>
    /// <param name="errors">Receives a line when the limit on open files is too low.</param>
    internal EdgeLimits ToLimits(int hosts, ICollection<string> errors) => (EdgeLimits.Default with
    {
        MaxConnectionAge = MaxConnectionAge,
        MaxConnectionsPerPeer = MaxConnectionsPerPeer,
        MaxCallsPerPeer = MaxCallsPerPeer,
        // Each channel to a host has one connection, and briefly two while it is renewed.
        ReservedDescriptors = EdgeLimits.Default.ReservedDescriptors + (2 * hosts),
    }).WithConnections(MaxConnections, $"{Section}:{nameof(MaxConnections)}", errors);
}
