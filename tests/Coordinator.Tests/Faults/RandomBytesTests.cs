using Grpc.Core;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Faults;

/// <summary>Random bytes by every role to every method: nothing but documented codes with their reasons, and never a fault.</summary>
public sealed class RandomBytesTests : CoordinatorTest
{
    private const int CallsOfEachMethod = 60;

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly StatusCode[] Documented =
    [
        StatusCode.OK, StatusCode.InvalidArgument, StatusCode.NotFound, StatusCode.AlreadyExists, StatusCode.PermissionDenied, StatusCode.FailedPrecondition, StatusCode.ResourceExhausted,
    ];

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
    }

    [Theory]
    [InlineData(PeerRole.Agent)]
    [InlineData(PeerRole.Coordinator)]
    [InlineData(PeerRole.Operator)]
    [InlineData(PeerRole.Viewer)]
    public async Task Random_bytes_get_a_documented_code_with_a_reason(PeerRole role)
    {
        var caller = Coordinator.Connect(role, "caller").CreateCallInvoker();
        var random = new Random(20260726 + (int)role);
        foreach (var method in Contracts.Campaigns.V1.Campaigns.Descriptor.Methods.Concat(Contracts.Campaigns.V1.Hosts.Descriptor.Methods))
        {
            for (var count = 0; count < CallsOfEachMethod; count++)
            {
                var bytes = new byte[random.Next(48)];
                random.NextBytes(bytes);
                var (code, reason) = await CallAsync(caller, method.Service.FullName, method.Name, bytes);
                Documented.ShouldContain(code, $"{method.FullName} {Convert.ToHexString(bytes)}: {reason}");
                (code == StatusCode.OK || reason.Length > 0).ShouldBeTrue($"{method.FullName} {Convert.ToHexString(bytes)}: {code} without a reason");
                if (role == PeerRole.Agent)
                {
                    code.ShouldBe(StatusCode.PermissionDenied);
                }
            }
        }
    }

    private static async Task<(StatusCode Code, string Reason)> CallAsync(CallInvoker caller, string service, string method, byte[] request)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            // As a stream, which an answer of one message is as well; the first message shows that the request was taken.
            using var call = caller.AsyncServerStreamingCall(
                new Method<byte[], byte[]>(MethodType.ServerStreaming, service, method, Bytes, Bytes), host: null, new CallOptions(cancellationToken: enough.Token), request);
            await call.ResponseStream.MoveNext(enough.Token);
            return (StatusCode.OK, "");
        }
        catch (RpcException failed)
        {
            var failure = RpcFailure.From(failed);
            return (failure.StatusCode, failure.Reason);
        }
    }
}
