using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Transport;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Retries a call to an agent until it succeeds or is cancelled, with bounded exponential backoff and jitter.</summary>
internal sealed class AgentRetries(TimeProvider time, JitterSource jitter, IOptions<CoordinatorOptions> options)
{
    /// <summary>Makes a call, and repeats it while it fails in a way that may be transient.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayPass">Whether a failure may be transient; any other is thrown.</param>
    /// <param name="waiting">Called for each failure before the wait that follows it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RpcFailure">The call failed permanently.</exception>
    public async Task<T> CallAsync<T>(
        Func<CancellationToken, Task<T>> call,
        Func<RpcFailure, bool> mayPass,
        Action<RpcFailure, TimeSpan> waiting,
        CancellationToken cancellationToken) =>
        await new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle(mayPass),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = () => jitter(),
                Delay = options.Value.ReconnectDelay,
                MaxDelay = options.Value.MaxReconnectDelay,
                OnRetry = retry =>
                {
                    waiting((RpcFailure)retry.Outcome.Exception!, retry.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build()
            .ExecuteAsync(async token => await call(token), cancellationToken);
}
