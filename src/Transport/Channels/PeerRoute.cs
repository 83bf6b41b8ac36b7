using System.Net;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Channels;

/// <summary>
/// The way to a peer that is at one of several addresses, such as a coordinator and those that stand by for it. Each connection goes to the address that answered
/// last, and where that answers no more, to the next one that does. With a connect callback of our own the gRPC client connects when a call is made and at
/// no other time: no call waits out a back-off that the channel chose, because retrying is the caller's decision.
/// </summary>
/// <param name="addresses">Each <c>https://host:port</c>, the preferred one first; not empty.</param>
/// <param name="gate">Decides who may be talked to.</param>
/// <param name="patience">For TCP and TLS together, for each address.</param>
internal sealed class PeerRoute(IReadOnlyList<Uri> addresses, ServerCertificateGate gate, TimeSpan patience)
{
    private volatile int _latest;

    /// <summary>The address of the latest connection, or of the first try.</summary>
    public string Address => NameOf(addresses[_latest]);

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="PeerConnectionException">None does.</exception>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var failures = new List<PeerConnectionException>();
        var first = _latest;
        for (var tried = 0; tried < addresses.Count; tried++)
        {
            var index = (first + tried) % addresses.Count;
            var address = addresses[index];
            using var limit = new CancellationTokenSource(patience, TimeProvider.System);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                var connection = await PlainConnection.OpenAsync(new DnsEndPoint(address.IdnHost, address.Port), ending.Token).ConfigureAwait(false);
                var secured = await gate.OpenAsync(connection, address.IdnHost, ending.Token).ConfigureAwait(false);
                _latest = index;
                return secured;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(ConnectionFailure.TimedOut(NameOf(address), patience, exception));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failures.Add(ConnectionFailure.Explain(NameOf(address), exception));
            }
        }

        throw ConnectionFailure.OfAll(failures);
    }

    private static string NameOf(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
