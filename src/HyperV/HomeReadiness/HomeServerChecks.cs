using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>Whether the two hosts can replicate to each other: first to home, and back once the machine is home.</summary>
internal sealed class HomeServerChecks(HomePair pair, HomeReadinessRules rules, DateTimeOffset now)
{
    private const string Unprotected = ", or accept that the machine is unprotected once it is home.";

    private AuthenticationType? Authentication => pair.AtRecovery?.Replication?.Authentication;

    public IEnumerable<ReadinessCheck> Make(TimeSpan? clocksApart)
        =>
        [
            Clocks(clocksApart),
            Enabled(pair.Home, HomeCheckId.HomeReplicaServerNotEnabled, CheckSeverity.Blocking, "Enable home as a replica server."),
            AuthenticationAllowed(),
            Port(),
            Authorized(pair.Home, pair.Recovery, HomeCheckId.HomeDoesNotAuthorizeRecovery, CheckSeverity.Blocking, "Add an authorization entry for the recovery side at home; in a cluster it names the broker and not a node."),
            Reached(pair.Recovery, HomeCheckId.HomeNotReachable, CheckSeverity.Blocking, "Check that home is up and its firewall allows the port, and that names and certificates are right."),
            Broker(pair.Home, HomeCheckId.HomeBrokerNotOnline, CheckSeverity.Blocking, "Create the replication broker of home's cluster, or bring it online."),
            Enabled(pair.Recovery, HomeCheckId.RecoveryReplicaServerNotEnabled, CheckSeverity.Overridable, $"Enable the recovery side as a replica server{Unprotected}"),
            Authorized(pair.Recovery, pair.Home, HomeCheckId.RecoveryDoesNotAuthorizeHome, CheckSeverity.Overridable, $"Add an authorization entry for home at the recovery side{Unprotected}"),
            Reached(pair.Home, HomeCheckId.RecoveryNotReachable, CheckSeverity.Overridable, $"Check names, ports and firewalls from home to the recovery side{Unprotected}"),
            Broker(pair.Recovery, HomeCheckId.RecoveryBrokerNotOnline, CheckSeverity.Overridable, $"Create the replication broker of the recovery side's cluster, or bring it online{Unprotected}"),
            .. Certificate(pair.Recovery, HomeCheckId.RecoveryCertificateNotValid, HomeCheckId.RecoveryCertificateExpiresSoon),
            .. Certificate(pair.Home, HomeCheckId.HomeCertificateNotValid, HomeCheckId.HomeCertificateExpiresSoon),
        ];

    private ReadinessCheck Clocks(TimeSpan? apart) => ReadinessCheck.Of(
        HomeCheckId.ClocksApart, apart is null || apart.Value.Duration() <= rules.ClocksAsk,
        apart?.Duration() >= rules.ClocksBlock ? CheckSeverity.Blocking : CheckSeverity.Overridable,
        apart is { } difference
            ? FormattableString.Invariant($"the hosts' clocks differ by {difference.Duration().TotalSeconds:0.#} s; at most {rules.ClocksAsk.TotalSeconds:0.#} s is right")
            : "not checked: nobody has compared the hosts' clocks",
        "Set the hosts' clocks right: Kerberos refuses a difference of five minutes.");

    private ReadinessCheck Enabled(HomeFacts side, string id, CheckSeverity severity, string remedy) => ReadinessCheck.Of(
        id, side.ReplicaServer?.Enabled is not false, severity,
        side.ReplicaServer?.Enabled switch
        {
            true => $"{pair.Name(side)} accepts replication",
            false => $"{pair.Name(side)} does not accept replication",
            null => pair.Unknown(side, HomeSubject.ReplicaServer),
        },
        remedy);

    private ReadinessCheck AuthenticationAllowed()
    {
        var (passed, observed) = (pair.Home.ReplicaServer?.AllowedAuthenticationType, Authentication) switch
        {
            (_, null) => (true, "not checked: the machine's replication settings are not known"),
            (null, _) => (true, pair.Unknown(pair.Home, HomeSubject.ReplicaServer)),
            ({ } allowed, { } type) => ((allowed & (int)type) != 0, $"authentication {Numbered.Text(type)}, {pair.Name(pair.Home)} accepts {ReplicaServerChecks.Allowed(allowed)}"),
        };
        return ReadinessCheck.Of(HomeCheckId.HomeAuthenticationNotAllowed, passed, CheckSeverity.Blocking, observed, "Allow the relationship's authentication in home's replication settings.");
    }

    private ReadinessCheck Port()
    {
        var listens = Authentication is AuthenticationType.Certificate ? pair.Home.ReplicaServer?.HttpsPort : pair.Home.ReplicaServer?.HttpPort;
        var (passed, observed) = (listens, pair.Recovery.Connection) switch
        {
            (null or 0, _) => (true, pair.Unknown(pair.Home, HomeSubject.ReplicaServer)),
            (_, null) => (true, pair.Unknown(pair.Recovery, HomeSubject.Connection)),
            ({ } port, { } tested) => (port == tested.Port, FormattableString.Invariant($"{pair.Name(pair.Home)} listens on port {port}; {pair.Name(pair.Recovery)} was tested against {tested.Target}")),
        };
        return ReadinessCheck.Of(HomeCheckId.HomePortDiffers, passed, CheckSeverity.Overridable, observed, "Name home's own port for the reversal; accept this only where the port is mapped on the way.");
    }

    private ReadinessCheck Authorized(HomeFacts side, HomeFacts other, string id, CheckSeverity severity, string remedy)
    {
        var replication = other.Machine?.Replication;
        string[] names = [.. (other.IsClusterNode == true && replication?.OwnConnectionPoint is { Length: > 0 } broker ? [broker] : new[] { replication?.OwnHost, replication?.OwnConnectionPoint })
            .Concat(other.Machine is null ? [PeerName(side)] : [])
            .OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        var (passed, observed) = side.AllowedPrimaries switch
        {
            _ when side.IsClusterNode == true => (true, $"not checked: {pair.Name(side)} is a node of a cluster, whose broker has the entries"),
            null => (true, pair.Unknown(side, HomeSubject.AllowedPrimaries)),
            _ when names.Length == 0 => (true, $"not checked: the settings do not name {pair.Name(other)}"),
            var allowed => (allowed.Any(entry => Array.Exists(names, name => ReplicaServerChecks.Allows(entry, name))),
                $"{pair.Name(side)} allows {(allowed.Count == 0 ? "no server" : string.Join(", ", allowed.Take(10)))}; {pair.Name(other)} is {string.Join(" or ", names)}"),
        };
        return ReadinessCheck.Of(id, passed, severity, observed, remedy);
    }

    // The name by which a side knows the other one, where the other one does not have the machine and cannot tell.
    private static string? PeerName(HomeFacts side) => side.Machine?.Replication?.PeerConnectionPoint;

    private ReadinessCheck Reached(HomeFacts from, string id, CheckSeverity severity, string remedy) => ReadinessCheck.Of(
        id, from.Connection is not { Reached: false }, severity,
        from.Connection is { } tested ? $"from {pair.Name(from)} to {tested.Target}: {tested.Observed}" : pair.Unknown(from, HomeSubject.Connection),
        remedy);

    private ReadinessCheck Broker(HomeFacts side, string id, CheckSeverity severity, string remedy) => ReadinessCheck.Of(
        id, side is not { IsClusterNode: true, BrokerOnline: false }, severity,
        side switch
        {
            { IsClusterNode: false } => $"{pair.Name(side)} is no node of a cluster",
            { IsClusterNode: null } or { BrokerOnline: null } => pair.Unknown(side, HomeSubject.Cluster),
            { BrokerOnline: true } => "the replication broker is online",
            _ => "the replication broker is missing or not online",
        },
        remedy);

    private IEnumerable<ReadinessCheck> Certificate(HomeFacts side, string notValid, string expiresSoon)
    {
        var named = side.Machine?.Replication?.CertificateThumbprint is { Length: > 0 } own ? own : side.ReplicaServer?.CertificateThumbPrint;
        var thumbprint = Thumbprint.Normalize(named ?? "");
        var certificate = side.Certificates?.FirstOrDefault(one => one.Thumbprint == thumbprint);
        var (valid, lasts, observed) = (Authentication, thumbprint, certificate) switch
        {
            (null, _, _) => (true, true, "not checked: the machine's replication settings are not known"),
            (not AuthenticationType.Certificate and { } other, _, _) => (true, true, $"authentication {Numbered.Text(other)} uses no certificate"),
            (_, "", _) when side is { Machine: null, ReplicaServer: null } => (true, true, pair.Unknown(side, HomeSubject.ReplicaServer)),
            (_, "", _) => (false, true, $"no setting of {pair.Name(side)} names a certificate"),
            (_, _, null) => (true, true, pair.Unknown(side, HomeSubject.Certificates)),
            (_, _, { NotBefore: { } from, NotAfter: { } to }) => (from <= now && now <= to, now > to || to - now >= rules.CertificateValidity,
                $"certificate {thumbprint} of {certificate.Subject} is valid from {UtcText.Of(from)} to {UtcText.Of(to)}"),
            _ => (false, true, $"{pair.Name(side)} does not have the certificate {thumbprint}"),
        };
        yield return ReadinessCheck.Of(notValid, valid, CheckSeverity.Blocking, observed, "Install a valid certificate in the computer's personal store there, and name it in the replication settings.");
        yield return ReadinessCheck.Of(expiresSoon, lasts, CheckSeverity.Overridable, observed, "Renew the certificate first: a change on one side stops the last transfer of the switch.");
    }
}
