using Google.Protobuf;
using Grpc.Core;
using HostAgent.Conformance.V1;
using HostAgent.Transport;

namespace HostAgent.Conformance.Cases;

/// <summary>Calls that fail, and what their failure says.</summary>
internal static class StatusCases
{
    public static async Task StatusCodeAndMessageAsync(CaseTarget target)
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = "test status message" };
        await ShouldFailAsync(() => target.Client.UnaryCallAsync(new UnaryCallRequest { ResponseStatus = status }, target.Options()).ResponseAsync, StatusCode.Unknown, status.Message);

        using var duplex = target.Client.FullDuplexCall(target.Options());
        await duplex.RequestStream.WriteAsync(new FullDuplexCallRequest { ResponseStatus = status });
        await ShouldFailAsync(() => duplex.ResponseStream.MoveNext(), StatusCode.Unknown, status.Message);
    }

    public static async Task SpecialStatusMessageAsync(CaseTarget target)
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n" };

        await ShouldFailAsync(() => target.Client.UnaryCallAsync(new UnaryCallRequest { ResponseStatus = status }, target.Options()).ResponseAsync, StatusCode.Unknown, status.Message);
    }

    public static async Task StatusDetailsAsync(CaseTarget target)
    {
        var info = new ErrorInfo { Reason = "VM_NOT_READY", Domain = "failback.hyperv", Metadata = { ["vm"] = "sql-01 ☺" } };
        var status = new EchoStatus { Code = (int)StatusCode.FailedPrecondition, Message = "not ready" };
        status.Details.Add(new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "type.googleapis.com/google.rpc.ErrorInfo", Value = info.ToByteString() });

        var failure = RpcFailure.From(await ShouldFailAsync(
            () => target.Client.UnaryCallAsync(new UnaryCallRequest { ResponseStatus = status }, target.Options()).ResponseAsync, StatusCode.FailedPrecondition, "not ready"));

        (failure.Reason, failure.Domain, failure.Metadata["vm"]).ShouldBe(("VM_NOT_READY", "failback.hyperv", "sql-01 ☺"));
    }

    public static Task UnimplementedMethodAsync(CaseTarget target) =>
        ShouldFailAsync(() => target.Client.UnimplementedCallAsync(new UnimplementedCallRequest(), target.Options()).ResponseAsync, StatusCode.Unimplemented);

    public static Task UnimplementedServiceAsync(CaseTarget target) =>
        ShouldFailAsync(() => target.UnimplementedClient.CallAsync(new CallRequest(), target.Options()).ResponseAsync, StatusCode.Unimplemented);

    public static async Task OversizedRequestAsync(CaseTarget target)
    {
        await ShouldFailAsync(() => target.Client.UnaryCallAsync(Messages.Unary(payload: Messages.MaxMessageBytes + 1), target.Options()).ResponseAsync, StatusCode.ResourceExhausted);
        await PlainCases.EmptyUnaryAsync(target);
    }

    public static async Task OversizedResponseAsync(CaseTarget target)
    {
        await ShouldFailAsync(() => target.Client.UnaryCallAsync(Messages.Unary(Messages.MaxMessageBytes + 1), target.Options()).ResponseAsync, StatusCode.ResourceExhausted);
        await PlainCases.EmptyUnaryAsync(target);
    }

    private static async Task<RpcException> ShouldFailAsync(Func<Task> call, StatusCode code, string? message = null)
    {
        var failure = await Should.ThrowAsync<RpcException>(call);
        failure.StatusCode.ShouldBe(code, failure.Status.Detail);
        if (message is not null)
        {
            failure.Status.Detail.ShouldBe(message);
        }

        return failure;
    }
}
