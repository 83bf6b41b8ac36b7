using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>
/// A progress stream that has delivered its first message. Both methods send one at once, so the call's deadline is the deadline
/// of the first message; after that the connection's keepalive pings detect a lost peer.
/// </summary>
internal sealed class ProgressStream : IDisposable
{
    private readonly AsyncServerStreamingCall<FailbackProgress> _call;
    private readonly CancellationTokenSource _cancellation;

    private ProgressStream(AsyncServerStreamingCall<FailbackProgress> call, CancellationTokenSource cancellationToken)
    {
        _call = call;
        _cancellation = cancellationToken;
    }

    /// <summary>The last message read.</summary>
    public FailbackProgress Current => _call.ResponseStream.Current;

    /// <summary>Opens a stream and reads its first message.</summary>
    /// <exception cref="RpcFailure">The agent refused, or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public static async Task<ProgressStream> OpenAsync(
        AgentConnection connection,
        Func<CallOptions, AsyncServerStreamingCall<FailbackProgress>> begin,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        var lifetime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = begin(new CallOptions(cancellationToken: lifetime.Token));
        var opened = false;
        try
        {
            await using (deadline.Token.Register(lifetime.Cancel))
            {
                opened = await call.ResponseStream.MoveNext(CancellationToken.None);
            }

            if (opened && !deadline.IsCancellationRequested)
            {
                connection.MarkReachable();
                return new ProgressStream(call, lifetime);
            }

            opened = false;
            throw Silent(connection, timeout, null);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw deadline.IsCancellationRequested
                ? Silent(connection, timeout, exception)
                : Note(connection, RpcFailure.From(exception, connection.Host.Address.Authority));
        }
        finally
        {
            if (!opened)
            {
                call.Dispose();
                lifetime.Dispose();
            }
        }
    }

    /// <summary>Reads the next message.</summary>
    /// <returns>False when the stream has ended with OK.</returns>
    /// <exception cref="RpcException">The stream broke, or ended with the operation's own failure.</exception>
    public Task<bool> MoveNextAsync() => _call.ResponseStream.MoveNext(CancellationToken.None);

    public void Dispose()
    {
        _call.Dispose();
        _cancellation.Dispose();
    }

    private static RpcFailure Silent(AgentConnection connection, TimeSpan timeout, Exception? cause)
        => Note(connection, TimedOutAgent.After(connection.Host, timeout, cause));

    private static RpcFailure Note(AgentConnection connection, RpcFailure failure)
    {
        connection.NoteFailure(failure);
        return failure;
    }
}
