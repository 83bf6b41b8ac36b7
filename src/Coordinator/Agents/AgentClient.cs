using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;
using HostAgent.Transport;
using Microsoft.Extensions.Options;
using AgentHost = HostAgent.Contracts.Failback.V1.Host;

namespace HostAgent.Coordinator.Agents;

/// <summary>Unary calls to an agent. Each has a deadline and updates the host's reachability.</summary>
internal sealed class AgentClient(TimeProvider time, IOptions<CoordinatorOptions> options)
{
    private const int MaxPages = 6;

    // Agents refuse a longer one.
    private const int LongestReason = 1024;

    /// <summary>A person's reason with their name before it, as an agent takes it: the whole one is in the audit.</summary>
    public static string Reason(string reason) => VisibleText.Shortened(reason, LongestReason - 1);

    /// <summary>Gets the agent's status.</summary>
    /// <exception cref="RpcFailure">The agent refused, or did not answer.</exception>
    public async Task<AgentHost> GetHostAsync(AgentConnection connection, CancellationToken cancellationToken)
    {
        var host = await CallAsync(connection, callOptions => connection.Agent.GetHostAsync(new GetHostRequest(), callOptions).ResponseAsync, cancellationToken);
        connection.MarkReachable(host);
        return host;
    }

    /// <summary>Lists one page of the host's virtual machines.</summary>
    /// <exception cref="RpcFailure">The agent refused, or did not answer.</exception>
    public Task<ListVirtualMachinesResponse> ListVirtualMachinesAsync(AgentConnection connection, ListVirtualMachinesRequest request, CancellationToken cancellationToken)
        => CallAsync(connection, callOptions => connection.Agent.ListVirtualMachinesAsync(request, callOptions).ResponseAsync, cancellationToken);

    /// <summary>Lists all the host's virtual machines.</summary>
    /// <exception cref="RpcFailure">The agent refused, or did not answer.</exception>
    public async Task<IReadOnlyList<VirtualMachine>> ListAllVirtualMachinesAsync(AgentConnection connection, CancellationToken cancellationToken)
    {
        var collected = new ListedMachines(connection.Host.Name);
        // A host has a few hundred machines, so one call is enough.
        var request = new ListVirtualMachinesRequest { PageSize = PageSize.VirtualMachines.Largest };
        using var deadline = new CancellationTokenSource(options.Value.CallTimeout * MaxPages, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            do
            {
                var page = await ListVirtualMachinesAsync(connection, request, either.Token);
                request.PageToken = collected.Take(page);
            }
            while (request.PageToken.Length > 0);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var invalid = AgentAnswers.Invalid(connection.Host.Name, "its list of virtual machines does not end");
            connection.MarkUnreachable(invalid);
            throw invalid;
        }
        catch (RpcFailure failure) when (failure.Reason == AgentAnswers.Reason)
        {
            connection.MarkUnreachable(failure);
            throw;
        }

        return collected.Machines;
    }

    /// <summary>Makes a unary call with the deadline that every call has.</summary>
    /// <exception cref="RpcFailure">The agent refused, or did not answer.</exception>
    public async Task<T> CallAsync<T>(AgentConnection connection, Func<CallOptions, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.CallTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var answer = await call(new CallOptions(cancellationToken: linked.Token));
            connection.MarkReachable();
            return answer;
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var failure = exception is RpcException rpc && !deadline.IsCancellationRequested
                ? RpcFailure.From(rpc, connection.Host.Address.Authority)
                : TimedOutAgent.After(connection.Host, options.Value.CallTimeout, exception);
            connection.NoteFailure(failure);
            throw failure;
        }
    }
}
