using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Contract;

namespace HostAgent.HyperV.Tests.Scripted;

/// <summary>The session that the other tests lean on must itself behave as a session.</summary>
public sealed class ScriptedSessionContractTests : CimSessionContract
{
    protected override Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        const string Awkward = @"o'brien ""the"" \ vm";
        var host = new ScriptedHost();
        var path = ScriptedHost.SystemPath(host.AddMachine(new MachineScript { Name = Awkward }).ToString());
        return Task.FromResult(new CimSessionSubject
        {
            Session = host.Session,
            ReplicatedMachine = path,
            AwkwardName = Awkward,
            ModifyMachine = async token =>
            {
                var machine = await host.Session.GetInstanceAsync(path, token);
                host.Session.Raise(new CimInstanceEvent(CimInstanceEventKind.Modified, machine!));
            },
        });
    }
}
