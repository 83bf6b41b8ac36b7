using Google.Protobuf;
using Grpc.Core;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Abuse;

/// <summary>Writes for as long as anybody listens, without ever letting go: the worst that a streaming service can do to its server.</summary>
internal sealed class TightService(int messageBytes) : TestService.TestServiceBase
{
    private readonly StreamingOutputCallResponse _message = new() { Payload = new Payload { Body = ByteString.CopyFrom(new byte[messageBytes]) } };
    private int _open;
    private long _written;

    /// <summary>Streams that are being written.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Messages written, over all streams.</summary>
    public long Written => Interlocked.Read(ref _written);

    public override Task<EmptyCallResponse> EmptyCall(EmptyCallRequest request, ServerCallContext context) => Task.FromResult(new EmptyCallResponse());

    public override async Task StreamingOutputCall(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        Interlocked.Increment(ref _open);
        try
        {
            while (true)
            {
                await responseStream.WriteAsync(_message, context.CancellationToken);
                Interlocked.Increment(ref _written);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
