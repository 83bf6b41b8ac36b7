using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Contract;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The contract of every session on a served host, one host for each case.</summary>
internal abstract class ServedContract : CimSessionContract, IAsyncDisposable
{
    private ServedHost? _served;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (_served is not null)
        {
            await _served.DisposeAsync();
        }
    }

    protected sealed override async Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        var served = _served = await ServedHost.OpenAsync(cancellationToken);
        return new CimSessionSubject
        {
            Session = await ConnectAsync(served, cancellationToken),
            ReplicatedMachine = served.Machine,
            AwkwardName = ServedHost.AwkwardName,
            ModifyMachine = async token =>
            {
                await WatchArmedAsync(served, token);
                served.ModifyMachine();
            },
        };
    }

    /// <summary>Opens the session that the contract is for.</summary>
    protected abstract Task<ICimSession> ConnectAsync(ServedHost served, CancellationToken cancellationToken);

    /// <summary>Ends when the watch stands that the case has begun.</summary>
    protected abstract Task WatchArmedAsync(ServedHost served, CancellationToken cancellationToken);
}
