using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Wine.Harness.Com;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>Cases on a served host, one host for each case.</summary>
internal abstract class ServedCases : IAsyncLifetime
{
    private ServedHost? _served;

    protected static CancellationToken Token => CancellationToken.None;

    protected ServedHost Served => _served ?? throw new InvalidOperationException("The case has not begun.");

    public virtual async ValueTask InitializeAsync() => Use(await ServedHost.OpenAsync(Token));

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_served is not null)
        {
            await _served.DisposeAsync();
        }

        ManagementInfrastructure.Violations.ShouldBe(0);
    }

    /// <summary>Takes this host for the case.</summary>
    protected void Use(ServedHost served) => _served = served;

    /// <summary>Connects the product's session.</summary>
    protected static Task<ICimSession> ConnectAsync(WmiSessionOptions? options = null, TimeProvider? time = null)
        => WmiSession.ConnectAsync(options ?? Adapter.Options, time ?? TimeProvider.System, Token);

    /// <summary>Fails unless a call fails with the code.</summary>
    protected static async Task CodeShouldBeAsync(uint code, Func<Task> call)
        => (await Should.ThrowAsync<CimException>(call)).ErrorCode.ShouldBe(code);

    /// <summary>Asks for a failback of the first machine through the domain, as the agent does.</summary>
    protected async Task<FailbackAnswer> InitiateAsync(ICimSession session)
    {
        // The settings are read around WMI: what is to be seen is the call.
        var machine = new VirtualMachineId(Served.MachineId);
        var settings = await new HyperVHost(Served.Simulated, TimeProvider.System).GetReplicationSettingsAsync(machine, Token);
        return await new HyperVHost(session, TimeProvider.System)
            .InitiateFailbackAsync(new FailbackCall(machine, settings!.ToEmbeddedText()), Token);
    }
}
