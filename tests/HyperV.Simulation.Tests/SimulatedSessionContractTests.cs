using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Contract;
using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Simulation.Tests;

/// <summary>The simulated host's session does what every CIM session must do.</summary>
public sealed class SimulatedSessionContractTests : CimSessionContract
{
    private const string AwkwardName = """web "02" it's a \ test""";

    protected override async Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        var host = Stage.HostOf(Stage.Machine(), Stage.Machine(AwkwardName, 2));
        var stage = await Stage.OpenAsync(host);
        var id = host.VirtualMachines[0].Id;
        return new CimSessionSubject
        {
            Session = stage.Session,
            ReplicatedMachine = new CimObjectPath(
                HyperVClasses.ComputerSystem,
                [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", id.ToString("D").ToUpperInvariant())],
                HyperVClasses.Namespace,
                host.Name),
            AwkwardName = AwkwardName,
            ModifyMachine = _ =>
            {
                stage.Host.StartOtherJob(id, JobType.Backup, duration: null);
                stage.Pass(1);
                return Task.CompletedTask;
            },
        };
    }
}
