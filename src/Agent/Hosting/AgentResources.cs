using HostAgent.Agent.Configuration;
using HostAgent.Agent.Journal;
using HostAgent.Hosting;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Agent.Hosting;

/// <summary>What the agent opens before anything else: its journal, then the host.</summary>
internal sealed class AgentResources(AgentOptions options, ParsedEstates estates, TestHooks hooks, ILogger<OperationJournal> logger)
{
    private OperationJournal? _journal;
    private HostConnection? _connection;

    /// <summary>The journal.</summary>
    public OperationJournal Journal => _journal ?? throw new InvalidOperationException("The journal is not open yet.");

    public HostConnection Connection => _connection ?? throw new InvalidOperationException("The host is not connected yet.");

    /// <summary>Opens both.</summary>
    /// <exception cref="StartException">The journal or the host cannot be opened.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _journal = OperationJournal.Open(options.Data, hooks.Time, logger);
            _connection = await (hooks.Connect?.Invoke(cancellationToken) ?? HostConnector.ConnectAsync(options, estates, hooks.Time, cancellationToken));
        }
        catch (JournalException exception)
        {
            throw new StartException([exception.Message], exception);
        }
        catch when (_journal is { } journal)
        {
            await journal.DisposeAsync();
            throw;
        }
    }
}
