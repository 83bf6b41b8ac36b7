using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Edge;

/// <summary>
/// Bounds the connections of a server, and among them those that have not shown a certificate: anybody can open them at any rate, and
/// each holds a descriptor. When there are too many, the oldest is closed: an honest handshake takes a moment, so the oldest is not honest.
/// </summary>
internal sealed partial class Admission(EdgeLimits limits, SampledLog sampled, ILogger<Admission> log)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Arrival> _handshakes = new();
    private readonly Dictionary<IPAddress, LinkedList<Arrival>> _byAddress = [];
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <summary>
    /// Counts a connection that was accepted, in the order of acceptance: judged later, on many threads at once, the newest could be taken for the oldest.
    /// </summary>
    /// <returns>False when it found no place; the caller closes it.</returns>
    public bool TryEnter(ConnectionContext connection)
    {
        var arrival = new Arrival(connection, AddressOf(connection));
        connection.Features.Set(arrival);
        return TryEnter(arrival);
    }

    /// <summary>Runs a connection that has entered, and counts its end.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            if (connection.Features.Get<Arrival>() is { } arrival)
            {
                lock (_lock)
                {
                    Close(arrival);
                }
            }
        }
    }

    /// <summary>Notes that a connection has finished its handshake.</summary>
    public void HandshakeDone(ConnectionContext connection)
    {
        if (connection.Features.Get<Arrival>() is { } arrival)
        {
            lock (_lock)
            {
                Leave(arrival);
            }
        }
    }

    private static IPAddress AddressOf(ConnectionContext connection) => connection.RemoteEndPoint is IPEndPoint remote
        ? remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address
        : IPAddress.None;

    private bool TryEnter(Arrival arrival)
    {
        Arrival? evicted = null;
        string? reason = null;
        lock (_lock)
        {
            var ofAddress = _byAddress.GetValueOrDefault(arrival.Address);
            if (ofAddress?.Count >= limits.MaxHandshakesPerAddress)
            {
                (evicted, reason) = (ofAddress.First!.Value, $"{limits.MaxHandshakesPerAddress} connections from {arrival.Address} have not finished their handshake");
            }
            else if (_handshakes.Count >= limits.MaxHandshakes)
            {
                (evicted, reason) = (_handshakes.First!.Value, $"{limits.MaxHandshakes} connections have not finished their handshake");
            }
            else if (_open >= limits.MaxConnections)
            {
                (evicted, reason) = (_handshakes.First?.Value, $"{limits.MaxConnections} connections are open");
            }

            if (reason is null || evicted is not null)
            {
                Enter(arrival);
            }

            if (evicted is not null)
            {
                // Its descriptor is free once it is aborted, long before its end is seen.
                Close(evicted);
            }
        }

        if (reason is null)
        {
            return true;
        }

        sampled.Write($"admission|{arrival.Address}", $"Closed a connection from {evicted?.Address ?? arrival.Address}: {reason}", text => LogClosed(log, text));
        evicted?.Connection.Abort();
        return evicted is not null;
    }

    private void Enter(Arrival arrival)
    {
        _open++;
        arrival.Counted = true;
        arrival.InAll = _handshakes.AddLast(arrival);
        if (!_byAddress.TryGetValue(arrival.Address, out var ofAddress))
        {
            _byAddress[arrival.Address] = ofAddress = new LinkedList<Arrival>();
        }

        arrival.InAddress = ofAddress.AddLast(arrival);
    }

    private void Close(Arrival arrival)
    {
        Leave(arrival);
        if (arrival.Counted)
        {
            arrival.Counted = false;
            _open--;
        }
    }

    private void Leave(Arrival arrival)
    {
        if (arrival is not { InAll: { } inAll, InAddress: { } inAddress })
        {
            return;
        }

        _handshakes.Remove(inAll);
        var ofAddress = inAddress.List!;
        ofAddress.Remove(inAddress);
        if (ofAddress.Count == 0)
        {
            _byAddress.Remove(arrival.Address);
        }

        (arrival.InAll, arrival.InAddress) = (null, null);
    }

    [LoggerMessage(4021, LogLevel.Warning, "{Text}")]
    private static partial void LogClosed(ILogger logger, string text);

    /// <summary>A connection that has arrived, and its places among those without a finished handshake.</summary>
    private sealed class Arrival(ConnectionContext connection, IPAddress address)
    {
        public ConnectionContext Connection { get; } = connection;

        public IPAddress Address { get; } = address;

        public bool Counted { get; set; }

        public LinkedListNode<Arrival>? InAll { get; set; }

        public LinkedListNode<Arrival>? InAddress { get; set; }
    }
}
