using System.Collections.Concurrent;
using Grpc.Core;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Abuse;

/// <summary>Sends one message on each stream and waits for its caller to go; knows which of its calls are still in memory.</summary>
internal sealed class WaitingService : TestService.TestServiceBase
{
    private readonly ConcurrentBag<WeakReference> _calls = [];
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <summary>How many of the calls that there ever were cannot be collected.</summary>
    public int Alive => _calls.Count(call => call.IsAlive);

    public override async Task StreamingOutputCall(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        _calls.Add(new WeakReference(context));
        Interlocked.Increment(ref _open);
        try
        {
            await responseStream.WriteAsync(new StreamingOutputCallResponse(), context.CancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
