using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests.Errors;

/// <summary>What a caller is told when a service fails. Real sockets.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly Pki _pki = new();

    [Fact]
    public async Task Rich_failure_arrives_as_it_was_thrown()
    {
        var thrown = RichFailure();
        var arrived = await FailureOfAsync(_ => throw thrown);

        arrived.ShouldBeSameFailureAs(thrown);
        arrived.InnerException.ShouldBeOfType<RpcException>().StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Failure_after_streamed_messages_keeps_its_details_in_the_trailers()
    {
        var thrown = RichFailure();
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, _) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await responses.WriteAsync(new FailbackProgress { Sequence = 2 });
                throw thrown;
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        using var call = server.Client(_pki.Identity(PeerRole.Operator, "ana")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        List<long> sequences = [];

        var ending = await Should.ThrowAsync<RpcException>(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                sequences.Add(message.Sequence);
            }
        });

        sequences.ShouldBe([1, 2]);
        RpcFailure.From(ending).ShouldBeSameFailureAs(thrown);
    }

    [Fact]
    public async Task Unexpected_exception_is_opaque_to_the_caller_and_whole_in_the_log()
    {
        await using var server = await SecuredServer.StartAsync(
            _pki.Identity(PeerRole.Agent, "hv-01"),
            new ScriptedFailback { OnGetHost = _ => throw new InvalidOperationException("password=hunter2") });

        var raw = await server.Client(_pki.Identity(PeerRole.Viewer, "eve")).FailGetHostAsync();

        var failure = RpcFailure.From(raw);
        failure.StatusCode.ShouldBe(StatusCode.Internal);
        failure.Reason.ShouldBe("INTERNAL");
        var incident = failure.Metadata["incident_id"];
        Guid.TryParse(incident, out _).ShouldBeTrue();
        failure.Message.ShouldContain(incident);
        (raw.ToString() + string.Join(' ', raw.Trailers.Where(entry => !entry.IsBinary).Select(entry => entry.Value))).ShouldNotContain("hunter2");
        var line = server.Log.Lines.ShouldHaveSingleItem(line => line.EventId == 4003 && line.Level == LogLevel.Error);
        line.Message.ShouldSatisfyAllConditions(
            text => text.ShouldContain(incident), text => text.ShouldContain("/hyperv.failback.v1.Failback/GetHost"), text => text.ShouldContain("failback://viewer/eve"));
        line.Exception.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task Status_thrown_by_the_service_itself_is_passed_on_with_its_codes_name_as_the_reason()
    {
        var failure = await FailureOfAsync(_ => throw new RpcException(new Status(StatusCode.AlreadyExists, "there already")));

        failure.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        failure.Message.ShouldBe("there already");
        failure.Reason.ShouldBe("ALREADY_EXISTS");
        failure.Domain.ShouldBe(RpcFailure.ProductDomain);
    }

    [Fact]
    public async Task Malformed_request_is_the_callers_error()
    {
        var failure = await FailureOfAsync(_ => throw new BadHttpRequestException("half a frame"));

        failure.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        failure.Reason.ShouldBe("MALFORMED_REQUEST");
        failure.Message.ShouldContain("half a frame");
    }

    [Fact]
    public async Task Stream_that_ends_with_the_server_says_that_it_is_draining()
    {
        var streaming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = new CancellationTokenSource();
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, _) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                streaming.SetResult();
                await Task.Delay(Timeout.Infinite, stopping.Token);
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        server.Stopping.Register(stopping.Cancel);
        using var call = server.Client(_pki.Identity(PeerRole.Operator, "ana")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        await streaming.Task.WaitAsync(Calls.Patience, TestContext.Current.CancellationToken);

        var stopped = server.StopAsync();
        var ending = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        await stopped;

        var failure = RpcFailure.From(ending);
        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe("DRAINING");
        failure.RetryDelay.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Failure_too_large_for_the_trailers_arrives_cut_and_says_so()
    {
        var thrown = new RpcFailure(StatusCode.InvalidArgument, "INVALID_REQUEST", "the campaign has 1000 errors")
        {
            FieldViolations = [.. Enumerable.Range(1, 1000).Select(number => new FieldViolation($"waves[{number}].limit", $"limit is -{number}; allowed is 1 to 10000"))],
        };

        var arrived = await FailureOfAsync(_ => throw thrown);

        arrived.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        arrived.Reason.ShouldBe("INVALID_REQUEST");
        arrived.Message.ShouldBe("the campaign has 1000 errors");
        var shown = arrived.FieldViolations.Count - 1;
        shown.ShouldBeGreaterThan(20);
        arrived.FieldViolations.Take(shown).ShouldBe(thrown.FieldViolations.Take(shown));
        var notice = arrived.FieldViolations[^1];
        notice.Reason.ShouldBe("TOO_MANY_TO_SEND");
        notice.Description.ShouldStartWith($"{1000 - shown} ");
    }

    public void Dispose() => _pki.Dispose();

    private static RpcFailure RichFailure() => new(StatusCode.FailedPrecondition, "NOT_READY", "virtual machine «sql-01» is not ready: état 13")
    {
        Metadata = new Dictionary<string, string> { ["virtual_machine_id"] = "5B4D", ["return_code"] = "32775" },
        RetryDelay = TimeSpan.FromMilliseconds(1500),
        FieldViolations = [new FieldViolation("operation_id", "'x' is no UUID", "MALFORMED"), new FieldViolation("recovery_point", "is set twice")],
        PreconditionViolations = [new PreconditionViolation("REPLICATION_STATE", "sql-01", "it is 13, must be 4"), new PreconditionViolation("DISK_SPACE", "D:", "3 GiB are missing")],
    };

    private async Task<RpcFailure> FailureOfAsync(Func<ServerCallContext, Task<Host>> service)
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), new ScriptedFailback { OnGetHost = service });
        return await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).FailureOfGetHostAsync();
    }
}
