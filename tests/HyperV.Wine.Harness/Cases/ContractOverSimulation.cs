using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The same contract over the simulated host's own session: the other column of the table.</summary>
internal sealed class ContractOverSimulation : ServedContract
{
    protected override Task<ICimSession> ConnectAsync(ServedHost served, CancellationToken cancellationToken) => Task.FromResult(served.Simulated);

    // It stands when the first event is asked for.
    protected override Task WatchArmedAsync(ServedHost served, CancellationToken cancellationToken) => Task.CompletedTask;
}
