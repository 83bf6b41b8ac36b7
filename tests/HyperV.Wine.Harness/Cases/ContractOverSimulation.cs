using HostAgent.HyperV.Contract;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The same contract over the simulated host's own session: the other column of the table.</summary>
internal sealed class ContractOverSimulation : CimSessionContract
{
    protected override async Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        var served = await ServedHost.OpenAsync(cancellationToken);
        return new CimSessionSubject
        {
            Session = served.Simulated,
            ReplicatedMachine = served.Machine,
            AwkwardName = ServedHost.AwkwardName,
            ModifyMachine = _ =>
            {
                served.ModifyMachine();
                return Task.CompletedTask;
            },
        };
    }
}
