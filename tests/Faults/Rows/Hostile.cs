using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Faults.Running;
using HostAgent.Transport;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Faults.Rows;

/// <summary>Rows with people and programs that mean harm, or do not know better.</summary>
internal static class Hostile
{
    private const int Crowded = 100;
    private static readonly string[] Strangers = ["a stranger of another authority", "a viewer", "an agent", "somebody without a certificate"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Certificates are renewed while they are in use, and strangers give orders.</summary>
    public static FaultVariant Certificates => new("certificates", (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        return (setup, random.Series(6, 200, 1200, after => random.Next(3) switch
        {
            0 => new PlannedStrike(after, "renew the coordinator's certificate", (theatre, _) => RenewAsync(theatre, PeerRole.Coordinator, "coordinator")),
            1 => Renewal(random.One(setup.Estate.Hosts).Name, after),
            _ => Order(random.Next(4), after),
        }));
    });

    /// <summary>Many watchers, one of which never reads, streams that are abandoned, and bytes that are no HTTP.</summary>
    public static FaultVariant Crowd => new("crowd", (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        return (setup, [
            new PlannedStrike(random.Time(100, 800), $"{Crowded} watchers", CrowdAsync) { RunsBeside = true },
            .. random.Series(3, 300, 1500, after => Bytes(random.Next(), after)),
            .. random.Series(1, 2000, 4000, random.KillCoordinator)]);
    });

    /// <summary>Documents that nobody wrote by hand.</summary>
    public static FaultVariant Documents => new("documents", (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        return (setup, random.Series(6, 150, 700, after =>
        {
            var (kind, value) = (random.Next(7), random.Next());
            return new PlannedStrike(after, $"hostile document {kind} ({value})", (theatre, _) => OfferAsync(theatre, Text(kind, value, setup.Campaigns[0].Document)));
        }));
    });

    private static PlannedStrike Renewal(string host, TimeSpan after) => new(after, $"renew the certificate of {host}", (theatre, _) => RenewAsync(theatre, PeerRole.Agent, host));

    private static PlannedStrike Order(int who, TimeSpan after) => new(after, $"an order by {Strangers[who]}", (theatre, _) => OrderAsync(theatre, who));

    private static PlannedStrike Bytes(int seed, TimeSpan after) => new(after, $"random bytes ({seed}) to the coordinator", (theatre, _) => SendAsync(theatre, seed));

    private static Task RenewAsync(Theatre theatre, PeerRole role, string name)
    {
        theatre.Cluster.Issue(role, name);
        theatre.Note($"certificate of {name} renewed");
        return Task.CompletedTask;
    }

    private static async Task OrderAsync(Theatre theatre, int who)
    {
        // They know whom they speak to: only what they show is not theirs to show.
        var directory = Path.Combine(theatre.Cluster.Root, "strangers");
        var authority = theatre.Cluster.OperatorFiles.AuthorityPath!;
        using var other = CertificateAuthority.Create("strangers", TimeProvider.System);
        var files = who switch
        {
            0 => other.Issue(PeerRole.Operator, "test", Lifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(directory),
            1 => theatre.Cluster.Issue(PeerRole.Viewer, "watcher"),
            _ => theatre.Cluster.Issue(PeerRole.Agent, "stranger"),
        };
        using var certificate = who == 3 ? null : X509Certificate2.CreateFromPemFile(files.CertificatePath!, files.PrivateKeyPath!);
        var tls = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authority), ClientCertificates = certificate is null ? null : [certificate] };
        using var channel = GrpcChannel.ForAddress(theatre.Coordinators[0].Address, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = new SocketsHttpHandler { SslOptions = tls } });
        var campaign = theatre.Setup.Campaigns[0];
        try
        {
            await new CampaignsClient(channel).StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name, Reason = "for no good" }, deadline: DateTime.UtcNow.AddSeconds(10));
            theatre.KeepHostile($"stop {campaign.Id}", "OK");
        }
        catch (RpcException exception)
        {
            theatre.KeepHostile($"stop {campaign.Id}", exception.StatusCode.ToString());
        }

        theatre.Note($"order by {Strangers[who]}");
    }

    private static X509ChainPolicy Trusting(string authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authority) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private static async Task CrowdAsync(Theatre theatre, CancellationToken ended)
    {
        var client = theatre.Campaigns;
        var name = theatre.Setup.Campaigns[0].Name;
        // One asks and never reads.
        using var silent = client.WatchCampaign(new WatchCampaignRequest { Name = name }, cancellationToken: ended);
        await Task.WhenAll(Enumerable.Range(0, Crowded).Select(async index =>
        {
            // Every third goes away without a word.
            using var leaves = CancellationTokenSource.CreateLinkedTokenSource(ended);
            if (index % 3 == 0)
            {
                leaves.CancelAfter(TimeSpan.FromMilliseconds(20 * (index + 1)));
            }

            try
            {
                using var call = client.WatchCampaign(new WatchCampaignRequest { Name = name }, cancellationToken: leaves.Token);
                await foreach (var _ in call.ResponseStream.ReadAllAsync(leaves.Token))
                {
                    // Only the load counts.
                }
            }
            catch (Exception exception) when (exception is RpcException or OperationCanceledException)
            {
                // It left, the coordinator was killed, or the campaign has ended.
            }
        }));
    }

    private static async Task SendAsync(Theatre theatre, int seed)
    {
        var bytes = new byte[4096];
        new Random(seed).NextBytes(bytes);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(theatre.Coordinators[0].Address.Host, theatre.Coordinators[0].Address.Port);
            await connection.GetStream().WriteAsync(bytes);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // It does not listen just now, or has hung up already.
        }

        theatre.Note("random bytes");
    }

    private static async Task OfferAsync(Theatre theatre, string document)
    {
        try
        {
            var answer = await theatre.Campaigns.ValidateCampaignAsync(new ValidateCampaignRequest { Document = new CampaignDocument { Text = document, Source = "hostile.yaml" } }, deadline: DateTime.UtcNow.AddSeconds(20));
            if (answer.Valid)
            {
                theatre.KeepHostile("validate", "OK");
            }
        }
        catch (RpcException exception)
        {
            theatre.KeepHostile("validate", exception.StatusCode.ToString());
        }

        theatre.Note("hostile document");
    }

    // Each is a mistake: none may be found valid.
    private static string Text(int kind, int value, string good) => kind switch
    {
        0 => "a: &a [x, x]\nb: &b [*a, *a]\n" + string.Concat(Enumerable.Range(0, 30).Select(level => FormattableString.Invariant($"c{level}: &c{level} [{(level == 0 ? "*b, *b" : $"*c{level - 1}, *c{level - 1}")}]\n"))),
        1 => string.Concat(Enumerable.Repeat("[", 20_000 + (value % 1000))),
        2 => good.Replace("failbacks", new string('n', 4096), StringComparison.Ordinal),
        3 => good.Replace("kind: Campaign", "kind: Campa\u202Eign\u0000", StringComparison.Ordinal),
        4 => good.Replace("initiate-failback", "initiate-failback'; DROP TABLE events; --", StringComparison.Ordinal),
        5 => good.Replace("limits: {campaign: 3", FormattableString.Invariant($"limits: {{campaign: -{value}"), StringComparison.Ordinal),
        _ => Garbage(value),
    };

    private static string Garbage(int seed)
    {
        var bytes = new byte[2048];
        new Random(seed).NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }
}
