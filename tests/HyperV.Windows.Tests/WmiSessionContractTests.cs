using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Contract;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Windows.Tests;

/// <summary>
/// The contract against the Hyper-V of the machine that the tests run on: <c>dotnet test tests/HyperV.Windows.Tests</c> from an
/// elevated prompt. It only reads.
/// </summary>
public sealed class WmiSessionContractTests : CimSessionContract
{
    protected override async Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        ICimSession session;
        try
        {
            session = await WmiSession.ConnectAsync(new WmiSessionOptions(), TimeProvider.System, cancellationToken);
        }
        catch (WmiUnavailableException exception)
        {
            Assert.Skip($"There is no Hyper-V here: {exception.Message}");
            throw;
        }

        var host = new HyperVHost(session, TimeProvider.System);
        var replicated = (await host.ListVirtualMachinesAsync(cancellationToken)).FirstOrDefault(m => m.Relationship is not null);
        return new CimSessionSubject { Session = session, ReplicatedMachine = replicated?.Path };
    }
}
