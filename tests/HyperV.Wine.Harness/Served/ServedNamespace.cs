using System.Threading.Channels;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>A namespace, served out of a session: whoever connects gets COM objects, as from the management infrastructure of a host.</summary>
/// <param name="session">Where the instances come from and the calls go to.</param>
/// <param name="server">The host's name.</param>
internal sealed class ServedNamespace(ICimSession session, string server) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<string> _armed = Channel.CreateUnbounded<string>();
    private volatile ServedEvents? _watch;
    private int _generation;
    private int _connections;

    /// <summary>What happens to calls on their way. Default: nothing.</summary>
    public Interference Interference { get; set; } = (_, _) => WbemStatus.Ok;

    /// <summary>How often somebody has connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The session that the objects stand for.</summary>
    public ICimSession Session => session;

    /// <summary>The host's name.</summary>
    public string Server => server;

    /// <summary>Cancelled when nothing is served any more.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Answers a connection; null when the resource is another namespace.</summary>
    /// <exception cref="CimException">The connection is refused.</exception>
    public IWbemServices? Connect(string resource)
    {
        if (!resource.EndsWith(session.Namespace, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Pass(Station.Connect, resource);
        Interlocked.Increment(ref _connections);
        return new ServedServices(this, Volatile.Read(ref _generation));
    }

    /// <summary>The management infrastructure is restarted: what was handed out is dead, and who connects anew is served.</summary>
    public void Restart() => Interlocked.Increment(ref _generation);

    /// <summary>Whether a connection of that generation still lives.</summary>
    public bool IsAlive(int generation) => generation == Volatile.Read(ref _generation);

    /// <summary>Lets a call pass, or ends it.</summary>
    /// <exception cref="CimException">The case wants it ended.</exception>
    public void Pass(Station station, string subject)
    {
        if (Interference(station, subject) is not 0 and var code)
        {
            throw new CimException(code, $"{station} {subject}");
        }
    }

    /// <summary>Says that a watch stands.</summary>
    public void Arm(string query, ServedEvents watch)
    {
        _watch = watch;
        _armed.Writer.TryWrite(query);
    }

    /// <summary>The newest watch is told that events were lost, as WMI tells it whose queue overflows.</summary>
    public void RaiseLostEvents() => _watch!.RaiseLost();

    /// <summary>Waits until another watch stands, since a change before that is seen by nobody.</summary>
    public ValueTask<string> WatchArmedAsync(CancellationToken cancellationToken) => _armed.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _end.Cancel();
}
