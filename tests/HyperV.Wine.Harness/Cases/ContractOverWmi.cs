using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Sessions;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The contract over the real adapter and the real System.Management.</summary>
internal sealed class ContractOverWmi : ServedContract
{
    protected override Task<ICimSession> ConnectAsync(ServedHost served, CancellationToken cancellationToken)
        => WmiSession.ConnectAsync(Adapter.Options, TimeProvider.System, cancellationToken);

    protected override async Task WatchArmedAsync(ServedHost served, CancellationToken cancellationToken)
        => await served.Namespace.WatchArmedAsync(cancellationToken);
}
