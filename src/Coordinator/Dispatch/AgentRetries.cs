using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Transport;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>How a call to an agent is repeated: until it succeeds or is given up, with waits that grow up to a bound and are jittered.</summary>
internal sealed class AgentRetries(TimeProvider time, JitterSource jitter, IOptions<CoordinatorOptions> options)
{
    /// <summary>Makes a call, again and again while it fails in a way that may pass.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayPass">Whether a failure may pass; any other is thrown.</param>
    /// <param name="waiting">Told of each failure before the wait after it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcFailure">The call has failed in a way that does not pass.</exception>
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
