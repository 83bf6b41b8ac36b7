using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.Texts;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Relay;

/// <summary>
/// Takes connections that another server of our name relays. The peer for whom such a connection is has proved itself there; its certificate is judged here once more, and everything that
/// follows (roles, quotas, reviews, records) goes by it. Nobody but a coordinator of the server's own name may relay, and no coordinator is relayed.
/// </summary>
internal sealed partial class RelayedConnections(MutualTlsIdentity identity, SampledLog sampled, ILogger<RelayedConnections> log)
{
    // The header is sent at once, before anything that a peer says.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs a connection in the name of whom it is for.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var relaying = connection.Features.Get<ProvenPeer>()!;
        if (relaying.Identity.Role != PeerRole.Coordinator || !relaying.Identity.IsNamed(identity.Peer.Name))
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        var remote = connection.RemoteEndPoint?.ToString() ?? "an unknown address";
        RelayHeader? header;
        try
        {
            header = await ReadAsync(connection.Transport.Input).ConfigureAwait(false);
        }
        catch (FormatException exception)
        {
            Refuse(connection, remote, "MALFORMED_RELAY", $"what {relaying.Identity.Actor} said of the peer that it relays is malformed: {exception.Message}");
            return;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            connection.Abort(new ConnectionAbortedException("it has said nothing", exception));
            return;
        }

        if (header is null)
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        var verdict = Judge(header);
        if (verdict.Proven is not { } proven)
        {
            Refuse(connection, remote, verdict.Reason, $"it relays {header.Source}: {verdict.Explanation}");
            return;
        }

        connection.Features.Set(proven);
        connection.Features.Set(proven.Identity);
        connection.Features.Set(new RelayOrigin(remote));
        connection.RemoteEndPoint = header.Source;

        // Neither outlives its own right to be here: the relaying server's is reviewed as well as the peer's.
        using var live = new LiveConnection(relaying, remote, identity.Time.GetUtcNow(), takeNoMoreCalls: null, connection.Abort);
        identity.Connections.Add(live);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            identity.Connections.Remove(live);
        }
    }

    private static async Task<RelayHeader?> ReadAsync(PipeReader input)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var read = await input.ReadAsync(limit.Token).ConfigureAwait(false);
            var received = read.Buffer;
            var isHeader = RelayHeader.IsAtBeginningOf(received);
            var header = isHeader == true ? RelayHeader.Read(ref received) : null;
            if (isHeader == false || header is not null || read.IsCompleted)
            {
                input.AdvanceTo(received.Start);
                return header;
            }

            input.AdvanceTo(received.Start, received.End);
        }
    }

    private PeerVerdict Judge(RelayHeader header)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            foreach (var certificate in header.Certificates)
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(certificate));
            }

            var verdict = identity.Judge(identity.Current, certificates[0], [.. certificates.Skip(1)], KeyUsage.Client);
            return verdict.Peer?.Role == PeerRole.Coordinator
                ? PeerVerdict.Refuse(ConnectionReason.WrongRole, $"it is {verdict.Peer.Uri}, and no coordinator is relayed")
                : verdict;
        }
        catch (CryptographicException exception)
        {
            return PeerVerdict.Refuse(ConnectionReason.CertificateInvalid, $"its certificate cannot be read: {exception.Message}");
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    private void Refuse(ConnectionContext connection, string remote, string reason, string explanation)
    {
        var shown = VisibleText.Line(explanation.Length > ClientCertificateGate.LongestExplanation ? $"{explanation[..ClientCertificateGate.LongestExplanation]}…" : explanation);
        sampled.Write($"relayed|{remote}|{reason}", $"Refused the connection from {remote} ({reason}): {shown}", text => LogRefused(log, text));
        connection.Abort(new ConnectionAbortedException(reason));
    }

    [LoggerMessage(4022, LogLevel.Warning, "{Text}")]
    private static partial void LogRefused(ILogger logger, string text);
}

/// <summary>Marks a connection that another server relays.</summary>
/// <param name="Address">Where that server is.</param>
internal sealed record RelayOrigin(string Address);

/// <summary>Tells calls that another server has relayed.</summary>
public static class RelayedCallExtensions
{
    /// <summary>The address of the server that has relayed the call's connection; null when the caller has connected directly.</summary>
    public static string? RelayedBy(this ServerCallContext context) => context.GetHttpContext().Features.Get<RelayOrigin>()?.Address;
}
