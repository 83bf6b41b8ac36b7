using HostAgent.HyperV.Wine.Running;

[assembly: AssemblyFixture(typeof(HostAgent.HyperV.Wine.WineMachine))]

namespace HostAgent.HyperV.Wine;

/// <summary>The one Windows of this run, made when it is first asked for.</summary>
public sealed class WineMachine : IAsyncDisposable
{
    /// <summary>The collection of all tests on it: they run one after the other.</summary>
    public const string Tests = "Wine";

    private WinePrefix? _prefix;

    /// <summary>The prefix.</summary>
    internal async Task<WinePrefix> PrefixAsync() => _prefix ??= await WinePrefix.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_prefix is not null)
        {
            await _prefix.DisposeAsync();
        }
    }
}
