using HostAgent.Hosting;
using HostAgent.Agent.Journal;

namespace HostAgent.Agent.Hosting;

/// <summary>Takes up the journal's operations before anybody can call, and drains before the server stops.</summary>
internal sealed class AgentLifetime(AgentRuntime agent, IHostApplicationLifetime application) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await agent.Operations.RecoverAsync(cancellationToken);
        }
        catch (JournalException e)
        {
            throw new StartException([e.Message], e);
        }

        // Streams must end before the server waits for them.
        application.ApplicationStopping.Register(agent.Operations.Drain);
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
