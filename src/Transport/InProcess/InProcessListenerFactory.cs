using System.Net;
using Microsoft.AspNetCore.Connections;

namespace HostAgent.Transport.InProcess;

/// <summary>Gives the server the connections that its own process opens.</summary>
internal sealed class InProcessListenerFactory(InProcessServer server) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => ReferenceEquals(endpoint, server.EndPoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(new Listener(server));

    private sealed class Listener(InProcessServer server) : IConnectionListener
    {
        public EndPoint EndPoint => server.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
            => await server.Arrivals.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && server.Arrivals.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            server.Close();
            return ValueTask.CompletedTask;
        }
    }
}
