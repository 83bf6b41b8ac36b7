using System.Collections.Concurrent;
using HostAgent.Conformance.Security;

namespace HostAgent.Conformance.Peers;

/// <summary>A peer that serves the test service.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _cancellations = new(StringComparer.Ordinal);
    private readonly PeerProcess _process;
    private readonly Task _ending;

    private PeerServer(PeerProgram program, ChannelSecurity security, ConformancePki pki)
    {
        _process = new PeerProcess(program.Start("server", security, pki), line => Read(PeerLine.Parse(line)));
        _ending = EndAsync();
    }

    public int Port { get; private set; }

    public static async Task<PeerServer> StartAsync(PeerProgram program, ChannelSecurity security, ConformancePki pki)
    {
        var server = new PeerServer(program, security, pki);
        server.Port = await server._port.Task;
        return server;
    }

    /// <summary>Ends once the peer has noticed that the caller of a case's call left.</summary>
    public Task CancellationAsync(string caseName) => Cancellation(caseName).Task.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _ending;
    }

    private TaskCompletionSource Cancellation(string caseName) =>
        _cancellations.GetOrAdd(caseName, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Read(PeerLine line)
    {
        if (line.Port is { } port)
        {
            _port.TrySetResult(port);
        }
        else if (line.Event == "cancelled")
        {
            Cancellation(line.Case!).TrySetResult();
        }
    }

    private async Task EndAsync() => _port.TrySetException(new InvalidOperationException($"The server did not start. {await _process.EndAsync()}"));
}
