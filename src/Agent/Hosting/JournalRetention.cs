using HostAgent.Agent.Configuration;
using HostAgent.Agent.Journal;

namespace HostAgent.Agent.Hosting;

/// <summary>Deletes finished operations from the journal when their retention expires, in batches.</summary>
internal sealed partial class JournalRetention(OperationJournal journal, AgentOptions options, TimeProvider time, ILogger<JournalRetention> logger) : BackgroundService
{
    private const int AtOnce = 200;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ForgetForeverAsync(stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The agent is stopped, or was disposed of without a stop, its journal too: the framework would take that for a fault.
        }
    }

    private async Task ForgetForeverAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                int forgotten;
                do
                {
                    forgotten = await journal.ForgetEndedBeforeAsync(time.GetUtcNow() - options.OperationRetention, AtOnce);
                    LogForgotten(forgotten, options.OperationRetention);
                }
                while (forgotten == AtOnce);
            }
            catch (JournalException exception)
            {
                LogNotForgotten(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "Deleted {Operations} operations that ended more than {Retention} ago")]
    private partial void LogForgotten(int operations, TimeSpan retention);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "Deleting old operations failed; retrying in an hour")]
    private partial void LogNotForgotten(Exception exception);
}
