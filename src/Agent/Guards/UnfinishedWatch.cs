using HostAgent.Agent.Journal;

namespace HostAgent.Agent.Guards;

/// <summary>Looks every minute at the machines that wait for their next step. Where none does, that costs a comparison of two numbers.</summary>
internal sealed partial class UnfinishedWatch(UnfinishedMachines machines, TimeProvider time, ILogger<UnfinishedWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, time);
            do
            {
                try
                {
                    await machines.LookAsync(stoppingToken);
                }
                catch (JournalException exception)
                {
                    LogNotLooked(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The agent is stopped, or was disposed of without a stop, and what this reads with it.
        }
    }

    [LoggerMessage(EventId = 2602, Level = LogLevel.Warning, Message = "Looking for machines that wait for their next step failed; trying again in a minute")]
    private partial void LogNotLooked(Exception exception);
}
