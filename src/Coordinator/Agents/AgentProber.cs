using System.Security.Cryptography;
using HostAgent.Coordinator.Options;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// Keeps what is known of each host fresh by asking it now and then. Each host has its own rhythm, spread by jitter from the first
/// probe on, and only so many are asked at once: a thousand hosts make a trickle, not a herd. A host out of reach is asked ever
/// more rarely, up to four times the interval.
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
        var stretch = 1;

        // The first round starts soon and is spread over a tenth of the interval; from then on everybody keeps its own beat.
        var wait = interval * (jitter() / 10);
        try
        {
            while (true)
            {
                await Task.Delay(wait, time, cancellationToken);
                await slots.WaitAsync(cancellationToken);
                try
                {
                    await calls.GetHostAsync(connection, cancellationToken);
                    stretch = 1;
                }
                catch (RpcFailure)
                {
                    // Noted where the call was made; here it only means to ask more rarely.
                    stretch = Math.Min(MaxStretch, stretch * 2);
                }
                finally
                {
                    slots.Release();
                }

                wait = interval * stretch * (0.8 + (0.4 * jitter()));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The coordinator stops.
        }
    }
}

/// <summary>Gives numbers from 0 (inclusive) to 1 (exclusive), so that many waits do not end at the same moment.</summary>
internal delegate double JitterSource();

/// <summary>The source that a real coordinator uses.</summary>
internal static class Jitter
{
    /// <summary>Draws from the system's generator: no seed to inject, none to share.</summary>
    public static double Draw() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
