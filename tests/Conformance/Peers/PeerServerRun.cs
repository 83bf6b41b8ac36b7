using HostAgent.Conformance.Cases;
using HostAgent.Conformance.Matrix;
using HostAgent.Conformance.Security;

namespace HostAgent.Conformance.Peers;

/// <summary>A peer's server with our client's idle cases already under way: they wait while the others run.</summary>
internal sealed class PeerServerRun : IAsyncDisposable
{
    private readonly PeerServer _server;
    private readonly ChannelSecurity _security;
    private readonly ConformancePki _pki;
    private readonly Dictionary<ConformanceCase, Task> _idle;

    private PeerServerRun(PeerServer server, ChannelSecurity security, ConformancePki pki)
    {
        _server = server;
        _security = security;
        _pki = pki;
        _idle = ((ConformanceCase[])[ConformanceCase.UnaryAfterIdle, ConformanceCase.StreamAfterIdle]).ToDictionary(idle => idle, RunNowAsync);
    }

    public static async Task<PeerServerRun> StartAsync(PeerProgram program, ChannelSecurity security, ConformancePki pki) =>
        new(await PeerServer.StartAsync(program, security, pki), security, pki);

    public Task RunAsync(ConformanceCase conformanceCase) => _idle.GetValueOrDefault(conformanceCase) ?? RunNowAsync(conformanceCase);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_idle.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
    }

    private async Task RunNowAsync(ConformanceCase conformanceCase)
    {
        await using var target = new CaseTarget(_server, _security, _pki, conformanceCase);
        await ClientCases.RunAsync(conformanceCase, target);
    }
}
