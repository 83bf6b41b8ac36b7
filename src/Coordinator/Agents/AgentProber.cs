using System.Security.Cryptography;
using HostAgent.Coordinator.Options;
using HostAgent.Hosting;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// Probes each host periodically. Every host has its own schedule with jitter, and the number of concurrent probes is limited, so
/// that probes do not synchronise however many hosts there are. The interval of an unreachable host doubles with each failed probe,
/// up to four times its length.
/// </summary>
internal sealed class AgentProber(
    AgentRegistry registry,
    AgentClient calls,
    TimeProvider time,
    JitterSource jitter,
    IOptions<CoordinatorOptions> options) : BackgroundService
{
    private const int MaxStretch = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var slots = new SemaphoreSlim(options.Value.ConcurrentHostCalls);
        await Task.WhenAll(registry.ByName.Select(connection => ProbeAsync(connection, slots, stoppingToken)));
    }

    private async Task ProbeAsync(AgentConnection connection, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var interval = options.Value.ProbeInterval;
        var backoff = new ExponentialBackoff(interval * 2, interval * MaxStretch);

        // The first round is spread over a tenth of the interval; after that every host keeps its own schedule.
        var wait = interval * (jitter() / 10);
        try
        {
            while (true)
            {
                await Task.Delay(wait, time, cancellationToken);
                await slots.WaitAsync(cancellationToken);
                var next = interval;
                try
                {
                    await calls.GetHostAsync(connection, cancellationToken);
                    backoff.Reset();
                }
                catch (RpcFailure)
                {
                    // The call has already recorded the failure; here it only lengthens the interval.
                    next = backoff.Next();
                }
                finally
                {
                    slots.Release();
                }

                wait = next * (0.8 + (0.4 * jitter()));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The coordinator is stopping.
        }
    }
}

/// <summary>Returns numbers from 0 (inclusive) to 1 (exclusive), so that many waits do not end at the same moment.</summary>
internal delegate double JitterSource();

/// <summary>The source used in production.</summary>
internal static class Jitter
{
    /// <summary>Draws from the system's generator: there is no seed to inject or to share.</summary>
    public static double Draw() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
