using System.Security.Cryptography.X509Certificates;
using HostAgent.Hosting.Settings;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.Transport;

namespace HostAgent.Agent.Configuration;

/// <summary>The agent's settings, section <c>HostAgent</c>.</summary>
internal sealed class AgentOptions : ISettingsRules
{
    /// <summary>The section's name.</summary>
    public const string Section = "HostAgent";

    /// <summary>Where to listen, <c>ADDRESS:PORT</c>; port 0 picks a free one.</summary>
    /// <value>Default: <c>0.0.0.0:7443</c>.</value>
    [EndPoint("0.0.0.0:7443 or [::]:7443", IsRequired = true)]
    public string Listen { get; set; } = "0.0.0.0:7443";

    /// <summary>The directory of the journal. It belongs to one agent alone.</summary>
    /// <value>Default: <c>%ProgramData%\HostAgent</c> on Windows, <c>/var/lib/hostagent</c> elsewhere.</value>
    [NotBlank("a directory", IsRequired = true)]
    public string Data { get; set; } = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "HostAgent")
        : "/var/lib/hostagent";

    /// <summary>The agent's certificate, PEM. Required.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The certificate's private key, PEM. Required.</summary>
    public string? PrivateKeyPath { get; set; }

    /// <summary>The authority that issues every peer's certificate, PEM. Required.</summary>
    public string? AuthorityPath { get; set; }

    /// <summary>The deny list, a text file: peers that are refused although their certificates are good.</summary>
    public string? DeniedCertificates { get; set; }

    /// <summary>
    /// Whether operators may start and cancel failbacks at this agent themselves, past the limits, gates and audit of campaigns: for the night on
    /// which there is no coordinator. Otherwise the coordinator alone may, and operators only look.
    /// </summary>
    /// <value>Default: false.</value>
    public bool OperatorsMayFailBack { get; set; }

    /// <summary>Whether TLS 1.2 is spoken beside TLS 1.3. Windows Server 2016 and 2019 have nothing newer.</summary>
    /// <value>Default: false.</value>
    public bool AllowTls12 { get; set; }

    /// <summary>The age at which a connection takes no more calls, a minute to 7 days; running calls get as long again.</summary>
    /// <value>Default: 1 hour.</value>
    [Duration("00:01:00", "7.00:00:00")]
    public TimeSpan MaxConnectionAge { get; set; } = EdgeLimits.Default.MaxConnectionAge;

    /// <summary>How many connections are open at once, 1 to 1,000,000.</summary>
    /// <value>Default: unset, which means as many as the limit on open files leaves, at most 20,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int? MaxConnections { get; set; }

    /// <summary>How many connections one peer may have, 1 to 1,000,000.</summary>
    /// <value>Default: 1,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int MaxConnectionsPerPeer { get; set; } = EdgeLimits.Default.MaxConnectionsPerPeer;

    /// <summary>How many concurrent calls one peer may have, streams included, 1 to 1,000,000.</summary>
    /// <value>Default: 5,000.</value>
    [WholeNumber(1, 1_000_000)]
    public int MaxCallsPerPeer { get; set; } = EdgeLimits.Default.MaxCallsPerPeer;

    /// <summary>The estate document (YAML) with the simulated host to run on; unset for the real host.</summary>
    [ExistingFile("an estate document")]
    public string? Simulate { get; set; }

    /// <summary>The host's name: in the estate when simulating, else for logs and messages.</summary>
    /// <value>Default: the machine's name.</value>
    [NotBlank("the name of the host", IsRequired = true)]
    public string Host { get; set; } = Environment.MachineName;

    /// <summary>
    /// The library for WMI: the package System.Management, which needs the .NET Framework 4 on the host, or Windows' own Management Infrastructure.
    /// If it cannot be loaded, the other is used.
    /// </summary>
    /// <value>Default: <c>system-management</c>.</value>
    [OneOf(WmiNames.SystemManagement, WmiNames.ManagementInfrastructure, IsRequired = true)]
    public string Wmi { get; set; } = WmiNames.SystemManagement;

    /// <summary>How many times faster than real time the simulated host works; above 0, at most 100000.</summary>
    /// <value>Default: 1.</value>
    [Number(0, 100_000, MinimumIsExclusive = true)]
    public double Speed { get; set; } = 1;

    /// <summary>The seed of everything that the simulated host draws.</summary>
    /// <value>Default: 0.</value>
    public int Seed { get; set; }

    /// <summary>At most this many failbacks run at once on this host, 1 to 1000.</summary>
    /// <value>Default: 4.</value>
    [WholeNumber(1, 1000)]
    public int MaxConcurrentFailbacks { get; set; } = 4;

    /// <summary>At most this many wait in the queue, 0 to 10000.</summary>
    /// <value>Default: 1000.</value>
    [WholeNumber(0, 10_000)]
    public int MaxQueuedFailbacks { get; set; } = 1000;

    /// <summary>After how long without progress a running failback reports it, at least a second. It has no other effect.</summary>
    /// <value>Default: 30 minutes.</value>
    [Duration("00:00:01")]
    public TimeSpan NoProgressAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long finished operations stay in the journal, at least a day. An id may be used again only after that.</summary>
    /// <value>Default: 90 days.</value>
    [Duration("1.00:00:00")]
    public TimeSpan OperationRetention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The longest that a look at the host may take for a caller, 1 second to 5 minutes.</summary>
    /// <value>Default: 30 seconds.</value>
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan HostDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What happens to replicated machines that this host would start with itself: <c>hold</c> makes it wait three minutes with them, and takes their startup
    /// action from those that the agent's operations have taken out of production here; <c>start</c> makes it wait, and lets it start them all unless the
    /// coordinator or a person fences them within that time, which can run a second copy; <c>off</c> changes nothing.
    /// </summary>
    /// <value>Default: <c>hold</c>.</value>
    [OneOf(BootGuardNames.Off, BootGuardNames.Hold, BootGuardNames.Start, IsRequired = true)]
    public string BootGuard { get; set; } = BootGuardNames.Hold;

    /// <summary>
    /// A program that is run, once for a machine and occasion, when a machine that operations have taken out of production has had no next step for its time: ten
    /// minutes, or a day for one that is only fenced. It runs as the agent's account, without a shell; what it needs is in its environment.
    /// </summary>
    /// <value>Default: unset, which means that there is only the warning in the log.</value>
    [ExistingFile("the program to run for a machine that waits")]
    public string? UnfinishedCommand { get; set; }

    /// <summary>The arguments of <see cref="UnfinishedCommand"/>; they are passed as they are.</summary>
    /// <value>Default: none.</value>
    public string[] UnfinishedCommandArguments { get; set; } = [];

    /// <summary>After how long <see cref="UnfinishedCommand"/> is ended with all that it has started, 1 second to 1 hour.</summary>
    /// <value>Default: 1 minute.</value>
    [Duration("00:00:01", "01:00:00")]
    public TimeSpan UnfinishedCommandDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The replication states (Msvm_ReplicationRelationship.ReplicationState) in which a failback may be initiated. Microsoft does not publish them.
    /// </summary>
    /// <value>Default: empty, which means 5 Recovered and 6 Committed.</value>
    [WholeNumber(0, 65_535)]
    public int[] AllowedReplicationStates { get; set; } = [];

    /// <summary>Whether the machine must be off for a failback. Microsoft does not publish it.</summary>
    /// <value>Default: true.</value>
    public bool MachineMustBeOff { get; set; } = true;

    /// <summary>How long the certificate of the host's replication must still be valid for the check to pass, zero to 365 days.</summary>
    /// <value>Default: 14 days.</value>
    [Duration("00:00:00", "365.00:00:00")]
    public TimeSpan CertificateExpiryWarning { get; set; } = FailbackRules.Default.CertificateExpiryWarning;

    /// <summary>Whether revocation lists are checked before a failback that certificates authenticate. Turn it off where the hosts do not check them either.</summary>
    /// <value>Default: true.</value>
    public bool CheckCertificateRevocation { get; set; } = true;

    /// <summary>How many percent of the size of a machine's disks must be free on their volume for the check to pass, 0 to 100; at least 1 GiB.</summary>
    /// <value>Default: 10.</value>
    [Number(0, 100)]
    public double MinimumFreePercent { get; set; } = 100 * FailbackRules.Default.MinimumFreePart;

    /// <inheritdoc/>
    public IEnumerable<SettingError> Check()
    {
        if (Simulate is null && Speed is not 1)
        {
            yield return new SettingError(nameof(Speed), Speed, "1, unless a host is simulated");
        }

        if (UnfinishedCommand is { } program && !Path.IsPathFullyQualified(program))
        {
            yield return new SettingError(nameof(UnfinishedCommand), program, "a full path: the agent runs in whatever directory its service has");
        }

        if (UnfinishedCommand is null && UnfinishedCommandArguments.Length > 0)
        {
            yield return new SettingError(nameof(UnfinishedCommandArguments), string.Join(" ", UnfinishedCommandArguments), $"empty, unless {nameof(UnfinishedCommand)} is set");
        }
    }

    /// <summary>How much the agent takes from its callers.</summary>
    /// <param name="errors">Takes a line when the limit on open files does not leave enough.</param>
    public EdgeLimits ToLimits(ICollection<string> errors)
        => (EdgeLimits.Default with { MaxConnectionAge = MaxConnectionAge, MaxConnectionsPerPeer = MaxConnectionsPerPeer, MaxCallsPerPeer = MaxCallsPerPeer })
            .WithConnections(MaxConnections, $"{Section}:{nameof(MaxConnections)}", errors);

    /// <summary>What a machine must look like before a failback.</summary>
    public FailbackRules ToRules() => FailbackRules.Default with
    {
        AllowedStates = AllowedReplicationStates.Length == 0
            ? FailbackRules.Default.AllowedStates
            : [.. AllowedReplicationStates.Select(number => (ReplicationState)number)],
        MustBeOff = MachineMustBeOff,
        CertificateExpiryWarning = CertificateExpiryWarning,
        CertificateRevocation = CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        MinimumFreePart = MinimumFreePercent / 100,
    };
}
