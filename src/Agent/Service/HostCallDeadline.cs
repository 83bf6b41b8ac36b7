using Grpc.Core;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Wire;

namespace HostAgent.Agent.Service;

/// <summary>Bounds what a caller waits for the host.</summary>
internal sealed class HostCallDeadline(AgentOptions options, AgentIdentity identity, TimeProvider time)
{
    /// <summary>Asks the host, for at most <see cref="AgentOptions.HostDeadline"/>.</summary>
    /// <exception cref="Transport.RpcFailure">The host did not answer in time.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, ServerCallContext context)
    {
        using var deadline = new CancellationTokenSource(options.HostDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, deadline.Token);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw Failures.Of(HostFailures.Of(exception, identity.HostName)!, exception);
        }
    }
}
