using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Status = Google.Rpc.Status;

namespace HostAgent.Transport.Rest;

/// <summary>Messages and errors as JSON.</summary>
internal static class RestJson
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";

    private static readonly TypeRegistry Details = TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, PreconditionFailure.Descriptor, RetryInfo.Descriptor);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true).WithTypeRegistry(Details));

    public static string Format(IMessage message) => Formatter.Format(message);

    /// <summary>Answers with an error, where nothing has been answered yet.</summary>
    public static Task WriteAsync(HttpContext context, Status status)
    {
        var reason = status.GetDetail<ErrorInfo>()?.Reason;
        context.Response.StatusCode = (reason, (StatusCode)status.Code) switch
        {
            ("METHOD_UNKNOWN", _) => StatusCodes.Status404NotFound,
            ("MESSAGE_TOO_LARGE", _) => StatusCodes.Status413PayloadTooLarge,
            (_, StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange) => StatusCodes.Status400BadRequest,
            (_, StatusCode.Unauthenticated) => StatusCodes.Status401Unauthorized,
            (_, StatusCode.PermissionDenied) => StatusCodes.Status403Forbidden,
            (_, StatusCode.NotFound) => StatusCodes.Status404NotFound,
            (_, StatusCode.AlreadyExists or StatusCode.Aborted) => StatusCodes.Status409Conflict,
            (_, StatusCode.ResourceExhausted) => StatusCodes.Status429TooManyRequests,
            (_, StatusCode.Cancelled) => StatusCodes.Status499ClientClosedRequest,
            (_, StatusCode.Unimplemented) => StatusCodes.Status501NotImplemented,
            (_, StatusCode.Unavailable) => StatusCodes.Status503ServiceUnavailable,
            (_, StatusCode.DeadlineExceeded) => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status.GetDetail<RetryInfo>()?.RetryDelay is { } delay)
        {
            // Whole seconds is all that the header can say.
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.ToTimeSpan().TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        context.Response.ContentType = Json;
        return context.Response.WriteAsync(Error(status), context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, RpcFailure failure) => WriteAsync(context, RpcFailureCodec.ToStatus(failure));

    /// <summary>The last line of a stream that has failed. No message has a field of this name at its top.</summary>
    public static string LastLine(Status status) => $"{{ \"error\": {Error(status)} }}\n";

    private static string Error(Status status)
    {
        var known = new Status { Code = status.Code, Message = status.Message };
        known.Details.Add(status.Details.Where(detail => Details.Find(Google.Protobuf.WellKnownTypes.Any.GetTypeName(detail.TypeUrl)) is not null));
        return Formatter.Format(known);
    }
}
