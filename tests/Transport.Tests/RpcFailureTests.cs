using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grpc.Core;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests;

public sealed class RpcFailureTests
{
    [Property(MaxTest = 300)]
    public Property Failure_survives_the_way_out_and_back() => Prop.ForAll(Arb.From(Failures()), failure
        => RpcFailure.From(failure.ToRpcException()).ShouldBeSameFailureAs(failure));

    [Fact]
    public void Failure_with_the_status_ok_is_refused()
        => Should.Throw<ArgumentOutOfRangeException>(() => new RpcFailure(StatusCode.OK, "NONE", "nothing"));

    [Fact]
    public void Cause_is_never_sent()
    {
        var failure = new RpcFailure(StatusCode.Unavailable, "HOST_UNAVAILABLE", "the host does not answer", new InvalidOperationException("secret"));

        failure.ToRpcException().ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void From_an_exception_without_details_keeps_code_and_message()
    {
        var failure = RpcFailure.From(new RpcException(new Status(StatusCode.DeadlineExceeded, "late")));

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        failure.Message.ShouldBe("late");
        failure.Reason.ShouldBe("");
    }

    [Fact]
    public void From_damaged_details_keeps_code_and_message()
    {
        var trailers = new Metadata { { "grpc-status-details-bin", [0xFF, 0xFF, 0xFF] } };

        var failure = RpcFailure.From(new RpcException(new Status(StatusCode.NotFound, "gone"), trailers));

        failure.StatusCode.ShouldBe(StatusCode.NotFound);
        failure.Message.ShouldBe("gone");
    }

    [Fact]
    public void From_a_damaged_detail_keeps_the_others()
    {
        var status = new Google.Rpc.Status { Code = (int)StatusCode.NotFound, Message = "gone" };
        status.Details.Add(new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = Google.Protobuf.ByteString.CopyFrom(0xFF) });
        status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(new Google.Rpc.ErrorInfo { Domain = "d", Reason = "GONE" }));

        var failure = RpcFailure.From(status.ToRpcException());

        failure.Reason.ShouldBe("GONE");
        failure.RetryDelay.ShouldBeNull();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%")]
    [InlineData("ü")]
    [InlineData("日")]
    [InlineData("💾")]
    public void Failure_with_huge_texts_everywhere_fits_into_the_trailers(string letter)
    {
        var huge = string.Concat(Enumerable.Repeat(letter, 20_000));
        var failure = new RpcFailure(StatusCode.InvalidArgument, "INVALID_REQUEST", huge)
        {
            Metadata = Enumerable.Range(0, 100).ToDictionary(number => $"{huge}_{number}", _ => huge),
            FieldViolations = [.. Enumerable.Repeat(new FieldViolation(huge, huge, huge), 50)],
            PreconditionViolations = [.. Enumerable.Repeat(new PreconditionViolation(huge, huge, huge), 50)],
        };

        var sent = failure.ToRpcException();

        var details = Convert.ToBase64String(sent.Trailers.GetValueBytes("grpc-status-details-bin")!);
        var message = Uri.EscapeDataString(sent.Status.Detail);
        (details.Length + message.Length).ShouldBeLessThan(8 * 1024 - 256);
        var arrived = RpcFailure.From(sent);
        arrived.Reason.ShouldBe("INVALID_REQUEST");
        arrived.Message.ShouldStartWith(letter + letter);
        arrived.Message.ShouldEndWith("…");
        arrived.FieldViolations[^1].Reason.ShouldBe("TOO_MANY_TO_SEND");
        arrived.PreconditionViolations[^1].Type.ShouldBe("TOO_MANY_TO_SEND");
    }

    private static Gen<RpcFailure> Failures()
    {
        var text = Gen.Elements("", "x", "two words", "línea\nnueva", "\"%&<>'", "日本語", "UPPER_SNAKE");
        var violations = from field in text from description in text from reason in text select new FieldViolation(field, description, reason);
        var preconditions = from type in text from subject in text from description in text select new PreconditionViolation(type, subject, description);
        return
            from code in Gen.Choose(1, 16)
            from reason in text
            from domain in text
            from message in text
            from keys in Gen.SubListOf("a", "virtual_machine_id", "return_code")
            from value in text
            from delay in Gen.OneOf(Gen.Constant<TimeSpan?>(null), Gen.Choose(0, int.MaxValue).Select(milliseconds => (TimeSpan?)TimeSpan.FromMilliseconds(milliseconds)))
            from fields in violations.ListOf()
            from conditions in preconditions.ListOf()
            where fields.Count + conditions.Count < 30
            select new RpcFailure((StatusCode)code, reason, message)
            {
                Domain = domain,
                Metadata = keys.ToDictionary(key => key, _ => value),
                RetryDelay = delay,
                FieldViolations = [.. fields],
                PreconditionViolations = [.. conditions],
            };
    }
}
