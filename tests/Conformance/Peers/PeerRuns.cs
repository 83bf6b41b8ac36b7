using HostAgent.Conformance.Matrix;
using HostAgent.Conformance.Security;

namespace HostAgent.Conformance.Peers;

/// <summary>
/// Every peer in one direction, once for each security. All start together when the first is asked for: a run takes as long as
/// its idle cases, and little else happens meanwhile.
/// </summary>
internal sealed class PeerRuns<TRun>(Func<PeerProgram, ChannelSecurity, ConformancePki, Task<TRun>> start) : IAsyncDisposable
    where TRun : IAsyncDisposable
{
    private readonly ConformancePki _pki = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(PeerKind, ChannelSecurity), Task<TRun>> _runs = [];

    public Task<TRun> GetAsync(PeerKind peer, ChannelSecurity security)
    {
        lock (_gate)
        {
            if (_runs.Count == 0)
            {
                foreach (var run in Combinations.Runs)
                {
                    _runs.Add(run, StartAsync(run.Peer, run.Security));
                }
            }

            return _runs[(peer, security)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Values.Where(started => started.IsCompletedSuccessfully))
        {
            await (await run).DisposeAsync();
        }

        _pki.Dispose();
    }

    private async Task<TRun> StartAsync(PeerKind peer, ChannelSecurity security)
    {
        var program = await PeerPrograms.FindAsync(peer);
        Assert.SkipWhen(program.Missing is not null, program.Missing ?? "");
        return await start(program, security, _pki);
    }
}
