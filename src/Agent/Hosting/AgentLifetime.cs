using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations;
using HostAgent.Hosting;

namespace HostAgent.Agent.Hosting;

/// <summary>Resumes the journal's operations before the server listens, and drains before it stops.</summary>
internal sealed class AgentLifetime(HostOperations operations, IHostApplicationLifetime application) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await operations.RecoverAsync(cancellationToken);
        }
        catch (JournalException exception)
        {
            throw new StartException([exception.Message], exception);
        }

        // Streams must end before the server waits for them.
        application.ApplicationStopping.Register(operations.Drain);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
