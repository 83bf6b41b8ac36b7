using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests.Errors;

/// <summary>Bytes that are no message. A peer that may not call a method is told so before they are looked at.</summary>
public sealed class MalformedRequestTests : IDisposable
{
    private const int CallsOfEachRole = 1500;
    private static readonly byte[] NoMessage = [0xFF, 0xFF, 0xFF];
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private readonly Pki _pki = new();

    [Fact]
    public async Task Malformed_message_is_the_callers_error_with_its_reason_and_one_line()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var caller = server.Channel(_pki.Identity(PeerRole.Operator, "maria")).CreateCallInvoker();

        for (var count = 0; count < 3; count++)
        {
            var failure = await FailureAsync(caller, "/hyperv.failback.v1.Failback/GetHost", NoMessage);
            (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.InvalidArgument, "MALFORMED_REQUEST"));
            failure.Message.ShouldContain("/hyperv.failback.v1.Failback/GetHost");
        }

        server.Log.Lines.ShouldHaveSingleItemWith(4005).Message.ShouldContain("failback://operator/maria#serial=");
        server.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Role_is_judged_before_the_message()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var caller = server.Channel(_pki.Identity(PeerRole.Agent, "hv-02")).CreateCallInvoker();

        var failure = await FailureAsync(caller, "/hyperv.failback.v1.Failback/GetHost", NoMessage);

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
    }

    [Fact]
    public async Task Message_that_is_too_large_has_its_reason()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var caller = server.Channel(_pki.Identity(PeerRole.Operator, "maria")).CreateCallInvoker();

        var failure = await FailureAsync(caller, "/hyperv.failback.v1.Failback/GetHost", new byte[EdgeLimits.MaxMessageBytes + 1]);

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"));
        failure.Message.ShouldContain("4194304");
    }

    [Fact]
    public async Task Unknown_method_and_unknown_service_have_their_reason()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var caller = server.Channel(_pki.Identity(PeerRole.Operator, "maria")).CreateCallInvoker();

        foreach (var method in (string[])["/hyperv.failback.v1.Failback/Format", "/nothing.Here/Get"])
        {
            var failure = await FailureAsync(caller, method, []);
            (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.Unimplemented, "METHOD_UNKNOWN"));
        }
    }

    [Fact]
    public async Task Random_bytes_get_documented_codes_with_a_reason_for_every_role()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var random = new Random(20260726);
        string[] methods = [.. Failback.Descriptor.Methods.Select(method => $"/{Failback.Descriptor.FullName}/{method.Name}")];

        foreach (var role in Enum.GetValues<PeerRole>())
        {
            var caller = server.Channel(_pki.Identity(role, "caller")).CreateCallInvoker();
            for (var count = 0; count < CallsOfEachRole; count++)
            {
                var bytes = new byte[random.Next(64)];
                random.NextBytes(bytes);
                var method = methods[count % methods.Length];
                if (await TryAsync(caller, method, bytes) is { } failure)
                {
                    failure.Reason.ShouldNotBeEmpty($"{role} {method} {Convert.ToHexString(bytes)}: {failure.StatusCode} {failure.Message}");
                    failure.StatusCode.ShouldBeOneOf(StatusCode.InvalidArgument, StatusCode.PermissionDenied, StatusCode.Unimplemented, StatusCode.ResourceExhausted);
                    (role != PeerRole.Agent || failure.StatusCode == StatusCode.PermissionDenied).ShouldBeTrue();
                }
                else
                {
                    role.ShouldNotBe(PeerRole.Agent);
                }
            }
        }

        server.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error || line.Exception != null);
    }

    public void Dispose() => _pki.Dispose();

    private static async Task<RpcFailure> FailureAsync(CallInvoker caller, string method, byte[] request)
        => await TryAsync(caller, method, request) ?? throw new Xunit.Sdk.XunitException($"{method} succeeded");

    private static async Task<RpcFailure?> TryAsync(CallInvoker caller, string method, byte[] request)
    {
        var names = method.Split('/');
        try
        {
            // As a stream, which an answer of one message is as well.
            using var call = caller.AsyncServerStreamingCall(
                new Method<byte[], byte[]>(MethodType.ServerStreaming, names[1], names[2], Bytes, Bytes), host: null, new CallOptions(deadline: Calls.Deadline), request);
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }

            return null;
        }
        catch (RpcException exception)
        {
            return RpcFailure.From(exception);
        }
    }
}
