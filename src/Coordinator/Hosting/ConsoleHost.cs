using HostAgent.Coordinator.Options;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Tls;
using HostAgent.WebConsole;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Hosting;

/// <summary>Runs the console beside the coordinator: after it has begun to listen, until it begins to stop.</summary>
internal sealed class ConsoleHost(IOptions<CoordinatorOptions> options, MutualTlsIdentity identity, InProcessServer door, IServiceProvider services) : IHostedLifecycleService, IAsyncDisposable
{
    private WebApplication? _console;

    /// <summary>Where it listens; empty before.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var console = options.Value.Console;
        _console = ConsoleApplication.Create(new ConsoleSettings(console.EndPoint!, console.MaxPages, console.MaxPagesPerPerson, AcceptsRelayed: options.Value.Store.Kind == StoreOptions.PostgreSql), identity, door, services);
        await _console.StartAsync(cancellationToken);
        Addresses = [.. _console.Urls];
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_console is not null)
        {
            await _console.StopAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }
    }
}
