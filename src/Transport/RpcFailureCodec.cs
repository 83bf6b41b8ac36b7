using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace HostAgent.Transport;

/// <summary>Between <see cref="RpcFailure"/> and google.rpc.Status.</summary>
internal static class RpcFailureCodec
{
    public static RpcException Encode(RpcFailure failure) => TrailerBudget.Fit(failure, ToStatus).ToRpcException();

    public static RpcFailure Decode(RpcException exception, string? address)
    {
        var status = exception.Trailers.GetRpcStatus(ignoreParseError: true);
        if (status is not null)
        {
            return FromStatus(status, exception);
        }

        return OfConnection(exception, address)
            ?? new RpcFailure(exception.StatusCode is StatusCode.OK ? StatusCode.Unknown : exception.StatusCode, reason: "", exception.Status.Detail, exception) { Domain = "" };
    }

    internal static Status ToStatus(RpcFailure failure)
    {
        var status = new Status { Code = (int)failure.StatusCode, Message = failure.Message };
        if (failure.Reason.Length > 0 || failure.Domain.Length > 0 || failure.Metadata.Count > 0)
        {
            var info = new ErrorInfo { Domain = failure.Domain, Reason = failure.Reason };
            foreach (var (key, value) in failure.Metadata)
            {
                info.Metadata.Add(key, value);
            }

            status.Details.Add(Any.Pack(info));
        }

        if (failure.RetryDelay is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        if (failure.FieldViolations.Count > 0)
        {
            var badRequest = new BadRequest();
            badRequest.FieldViolations.AddRange(failure.FieldViolations.Select(violation
                => new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Description, Reason = violation.Reason }));
            status.Details.Add(Any.Pack(badRequest));
        }

        if (failure.PreconditionViolations.Count > 0)
        {
            var precondition = new PreconditionFailure();
            precondition.Violations.AddRange(failure.PreconditionViolations.Select(violation
                => new PreconditionFailure.Types.Violation { Type = violation.Type, Subject = violation.Subject, Description = violation.Description }));
            status.Details.Add(Any.Pack(precondition));
        }

        return status;
    }

    private static RpcFailure FromStatus(Status status, RpcException exception)
    {
        var info = Detail<ErrorInfo>(status);
        return new RpcFailure(exception.StatusCode is StatusCode.OK ? StatusCode.Unknown : exception.StatusCode, info?.Reason ?? "", status.Message, exception)
        {
            Domain = info?.Domain ?? "",
            Metadata = info is null ? [] : new Dictionary<string, string>(info.Metadata, StringComparer.Ordinal),
            RetryDelay = Detail<RetryInfo>(status)?.RetryDelay?.ToTimeSpan(),
            FieldViolations = [.. (Detail<BadRequest>(status)?.FieldViolations ?? []).Select(violation => new FieldViolation(violation.Field, violation.Description, violation.Reason))],
            PreconditionViolations = [.. (Detail<PreconditionFailure>(status)?.Violations ?? []).Select(violation => new PreconditionViolation(violation.Type, violation.Subject, violation.Description))],
        };
    }

    // Null when the connection was not the problem.
    private static RpcFailure? OfConnection(RpcException exception, string? address)
    {
        if (exception.StatusCode is not (StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown) || exception.Status.DebugException is not { } beneath)
        {
            return null;
        }

        if (Causes.Of(beneath).OfType<PeerConnectionException>().FirstOrDefault() is { } known)
        {
            return Create(known.Reason, known.Message, known.Address);
        }

        return Causes.Of(beneath).Any(cause => cause is IOException or SocketException)
            ? Create(ConnectionReason.ConnectionLost, $"the connection to {address ?? "the peer"} was lost: {Causes.Innermost(beneath).Message}", address)
            : null;

        RpcFailure Create(string reason, string message, string? peer) => new(StatusCode.Unavailable, reason, message, exception)
        {
            Domain = RpcFailure.ConnectionDomain,
            Metadata = peer is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal) { ["address"] = peer },
        };
    }

    // A peer's malformed detail must not hide the code and the message that came with it.
    private static T? Detail<T>(Status status)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return status.GetDetail<T>();
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
