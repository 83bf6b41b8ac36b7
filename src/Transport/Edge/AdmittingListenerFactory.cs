using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Transport.Edge;

/// <summary>Kestrel's own sockets, with every connection passing <see cref="Admission"/> as it is accepted.</summary>
internal sealed class AdmittingListenerFactory(IServiceProvider services, Admission admission) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = ActivatorUtilities.CreateInstance<SocketTransportFactory>(services);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        => new Listener(await _sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), admission);

    private sealed class Listener(IConnectionListener sockets, Admission admission) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await sockets.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection)
            {
                if (admission.TryEnter(connection))
                {
                    return connection;
                }

                connection.Abort();
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
