using Google.Protobuf;
using Grpc.Core;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Server;

/// <summary>The test service as our server has it.</summary>
internal sealed class EchoTestService(CallLedger ledger) : TestService.TestServiceBase
{
    private static readonly WriteOptions Plain = new(WriteFlags.NoCompress);

    public override async Task<EmptyCallResponse> EmptyCall(EmptyCallRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        context.WriteOptions = CallObservation.Current!.Decompressed > 0 ? WriteOptions.Default : Plain;
        return new EmptyCallResponse();
    }

    public override async Task<UnaryCallResponse> UnaryCall(UnaryCallRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        DemandCompressed(request.ExpectCompressed, messages: 1);
        EndWith(request.ResponseStatus);
        context.WriteOptions = request.ResponseCompressed ? WriteOptions.Default : Plain;
        return new UnaryCallResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        context.WriteOptions = Plain;
        var (size, compressed) = (0, 0);
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            DemandCompressed(request.ExpectCompressed, compressed + 1);
            compressed = CallObservation.Current!.Decompressed;
            size += request.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override Task StreamingOutputCall(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context) => NoticeCancellationAsync(context, async () =>
    {
        await EchoMetadataAsync(context);
        foreach (var parameters in request.ResponseParameters)
        {
            await WaitAsync(parameters, context);
            responseStream.WriteOptions = parameters.Compressed ? WriteOptions.Default : Plain;
            await responseStream.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(parameters.Size) }, context.CancellationToken);
        }

        EndWith(request.ResponseStatus);
    });

    public override Task FullDuplexCall(IAsyncStreamReader<FullDuplexCallRequest> requestStream, IServerStreamWriter<FullDuplexCallResponse> responseStream, ServerCallContext context) => NoticeCancellationAsync(context, async () =>
    {
        await EchoMetadataAsync(context);
        responseStream.WriteOptions = Plain;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            foreach (var parameters in request.ResponseParameters)
            {
                await WaitAsync(parameters, context);
                await responseStream.WriteAsync(new FullDuplexCallResponse { Payload = Zeros(parameters.Size) }, context.CancellationToken);
            }

            EndWith(request.ResponseStatus);
        }
    });

    private static Payload Zeros(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };

    private static void DemandCompressed(bool demanded, int messages)
    {
        if (demanded && CallObservation.Current!.Decompressed < messages)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "the request was to be compressed and is not"));
        }
    }

    private static void EndWith(EchoStatus? status)
    {
        if (status is { Code: not 0 })
        {
            throw new Google.Rpc.Status { Code = status.Code, Message = status.Message, Details = { status.Details } }.ToRpcException();
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        foreach (var entry in context.RequestHeaders.GetAll(EchoHeaders.Trailing))
        {
            context.ResponseTrailers.Add(entry);
        }

        Metadata initial = [.. context.RequestHeaders.GetAll(EchoHeaders.Initial)];
        if (initial.Count > 0)
        {
            await context.WriteResponseHeadersAsync(initial);
        }
    }

    private static Task WaitAsync(ResponseParameters parameters, ServerCallContext context) =>
        Task.Delay(TimeSpan.FromMilliseconds(parameters.IntervalMillis), TimeProvider.System, context.CancellationToken);

    private async Task NoticeCancellationAsync(ServerCallContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            if (context.RequestHeaders.GetValue(EchoHeaders.Case) is { } caseName)
            {
                ledger.AddCancellation(caseName);
            }

            throw;
        }
    }
}
