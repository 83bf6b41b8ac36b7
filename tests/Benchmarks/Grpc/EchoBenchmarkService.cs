using Google.Protobuf;
using Grpc.Core;
using HostAgent.Conformance.V1;
using Service = HostAgent.Conformance.V1.BenchmarkService;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>The benchmark service as our server has it.</summary>
internal sealed class EchoBenchmarkService : Service.BenchmarkServiceBase
{
    // Behind the product's doors every stream gives way by itself; the plaintext server has no such doors.
    private const int WritesOfATurn = 128;

    public override Task<ExchangeResponse> Exchange(ExchangeRequest request, ServerCallContext context) => Task.FromResult(new ExchangeResponse { Body = Zeros(request.Size) });

    public override async Task Stream(StreamRequest request, IServerStreamWriter<StreamResponse> responseStream, ServerCallContext context)
    {
        var body = Zeros(request.Size);
        for (var sent = 0L; request.Count == 0 || sent < request.Count; sent++)
        {
            if (sent % WritesOfATurn == WritesOfATurn - 1)
            {
                await Task.Yield();
            }

            await responseStream.WriteAsync(new StreamResponse { Body = body }, context.CancellationToken);
        }
    }

    public override Task<GetAllocationsResponse> GetAllocations(GetAllocationsRequest request, ServerCallContext context) =>
        Task.FromResult(new GetAllocationsResponse { AllocatedBytes = GC.GetTotalAllocatedBytes() });

    private static ByteString Zeros(int size) => UnsafeByteOperations.UnsafeWrap(new byte[size]);
}
