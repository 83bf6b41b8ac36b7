using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Options;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Connection;

/// <summary>A channel to the coordinator, as the operator that the certificate names.</summary>
internal sealed class CoordinatorConnection : IDisposable
{
    // A plan queries every host. No one waits longer than this for an answer.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    private const string Section = "connection";

    private readonly MutualTlsIdentity _identity;
    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;

    private CoordinatorConnection(MutualTlsIdentity identity, GrpcChannel channel, TimeProvider time, CallInvoker calls)
    {
        _identity = identity;
        _channel = channel;
        _time = time;
        Campaigns = new CampaignsClient(calls);
        Hosts = new Hosts.HostsClient(calls);
        Returns = new Returns.ReturnsClient(calls);
        Drills = new Drills.DrillsClient(calls);
        Notifications = new Notifications.NotificationsClient(calls);
    }

    /// <summary>Who calls: the operator's certificate.</summary>
    public MutualTlsIdentity Identity => _identity;

    public CampaignsClient Campaigns { get; }

    public Hosts.HostsClient Hosts { get; }

    public Returns.ReturnsClient Returns { get; }

    public Drills.DrillsClient Drills { get; }

    public Notifications.NotificationsClient Notifications { get; }

    /// <summary>Loads the operator's identity and prepares a channel; nothing is sent before the first call.</summary>
    /// <exception cref="CommandException">The certificate, the key and the authority are not usable together.</exception>
    /// <param name="settings">Where it is and who calls.</param>
    /// <param name="time">The clock.</param>
    /// <param name="remarks">Where the saved context is named before something is changed there; null for a program's own connection.</param>
    /// <param name="isTrial">Whether every call that changes something only tells what it would do.</param>
    public static CoordinatorConnection Open(ConnectionSettings settings, TimeProvider time, TextWriter? remarks = null, bool isTrial = false)
    {
        var identity = LoadIdentity(settings, time);
        var channel = MutualTlsChannel.Create(settings.Coordinators, identity, PeerRole.Coordinator, settings.CoordinatorName);
        var calls = channel.CreateCallInvoker();
        calls = settings.Target is { } target && remarks is not null && !isTrial ? calls.Intercept(new ChangeGuard(target, settings.Places, remarks)) : calls;
        return new CoordinatorConnection(identity, channel, time, isTrial ? calls.Intercept(new TrialCalls()) : calls);
    }

    /// <summary>The options of a call that must answer in time. A watch has none: it lasts as long as its campaign.</summary>
    public CallOptions Deadline(CancellationToken cancellationToken)
        => new(deadline: _time.GetUtcNow().UtcDateTime + LongestCall, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _identity.Dispose();
    }

    // The loader names a service's settings; here they are options.
    private static string WithOwnNames(string error) => error
        .Replace($"{Section}:{nameof(MutualTlsOptions.CertificatePath)}", "certificate", StringComparison.Ordinal)
        .Replace($"{Section}:{nameof(MutualTlsOptions.PrivateKeyPath)}", "private key", StringComparison.Ordinal)
        .Replace($"{Section}:{nameof(MutualTlsOptions.AuthorityPath)}", "authority", StringComparison.Ordinal)
        .Replace($"{Section}:{nameof(MutualTlsOptions.AllowTls12)}", "--allow-tls12", StringComparison.Ordinal);

    private static MutualTlsIdentity LoadIdentity(ConnectionSettings settings, TimeProvider time)
    {
        try
        {
            return MutualTlsIdentity.Load(
                new MutualTlsOptions
                {
                    CertificatePath = settings.Certificate,
                    PrivateKeyPath = settings.PrivateKey,
                    AuthorityPath = settings.Authority,
                    AllowTls12 = settings.AllowTls12,
                },
                time,
                Section);
        }
        catch (OptionsValidationException exception)
        {
            throw new CommandException(ExitCode.Invalid, [.. exception.Failures.Select(WithOwnNames)]);
        }
    }
}

internal static class Pages
{
    /// <summary>Reads every page.</summary>
    /// <param name="read">Reads the page of a token, empty for the first, and returns the token of the next, empty after the last.</param>
    public static async Task ReadAllAsync(Func<string, Task<string>> read)
    {
        var token = "";
        do
        {
            token = await read(token);
        }
        while (token.Length > 0);
    }
}
