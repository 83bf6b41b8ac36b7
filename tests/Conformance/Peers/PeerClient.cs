using System.Globalization;
using HostAgent.Conformance.Matrix;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;

namespace HostAgent.Conformance.Peers;

/// <summary>A peer that runs every case against a server of ours; each result is there as soon as the peer has it.</summary>
internal sealed class PeerClient : IAsyncDisposable
{
    private readonly Dictionary<string, TaskCompletionSource<PeerLine>> _results =
        Enum.GetValues<ConformanceCase>().ToDictionary(known => known.WireName(), _ => new TaskCompletionSource<PeerLine>(TaskCreationOptions.RunContinuationsAsynchronously));

    private readonly ConformanceServer _server;
    private readonly PeerProcess _process;
    private readonly Task _ending;

    private PeerClient(PeerProgram program, ChannelSecurity security, ConformancePki pki, ConformanceServer server)
    {
        _server = server;
        var idle = IdlePeriod.Length.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        _process = new PeerProcess(program.Start("client", security, pki, "--address", $"127.0.0.1:{server.Port}", "--idle-seconds", idle), line => Read(PeerLine.Parse(line)));
        _ending = EndAsync();
    }

    /// <summary>What our server saw of the peer's calls.</summary>
    public CallLedger Ledger => _server.Ledger;

    public static async Task<PeerClient> StartAsync(PeerProgram program, ChannelSecurity security, ConformancePki pki) =>
        new(program, security, pki, await ConformanceServer.StartAsync(security, pki));

    /// <summary>The peer's result of a case.</summary>
    public Task<PeerLine> ResultAsync(ConformanceCase conformanceCase) => _results[conformanceCase.WireName()].Task;

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _ending;
        await _server.DisposeAsync();
    }

    private void Read(PeerLine line) => _results[line.Case!].TrySetResult(line);

    private async Task EndAsync()
    {
        var ending = await _process.EndAsync();
        foreach (var (name, result) in _results)
        {
            result.TrySetResult(new PeerLine(null, null, name, Passed: false, $"The peer did not report it. {ending}"));
        }
    }
}
