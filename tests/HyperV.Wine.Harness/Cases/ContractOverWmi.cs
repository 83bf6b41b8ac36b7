using HostAgent.HyperV.Contract;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The contract of every session, over the real adapter and the real System.Management.</summary>
internal sealed class ContractOverWmi : CimSessionContract
{
    protected override async Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        var served = await ServedHost.OpenAsync(cancellationToken);
        return new CimSessionSubject
        {
            Session = await WmiSession.ConnectAsync(new WmiSessionOptions(), TimeProvider.System, cancellationToken),
            ReplicatedMachine = served.Machine,
            AwkwardName = ServedHost.AwkwardName,
            ModifyMachine = async token =>
            {
                await served.Namespace.WatchArmedAsync(token);
                served.ModifyMachine();
            },
        };
    }
}
