using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport.Errors;

/// <summary>
/// Answers a call with a failure, outside of the gRPC server: before it has read the request, and where it has answered with a bare status
/// (gRPC over HTTP/2, "Trailers-Only").
/// </summary>
internal static class GrpcErrorResponse
{
    private const string GrpcContent = "application/grpc";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    /// <summary>Whether a request is a gRPC call.</summary>
    public static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Answers a call whose answer has not been begun.</summary>
    public static void Write(HttpResponse response, RpcFailure failure)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = GrpcContent;
        Set(response.Headers, failure);
    }

    /// <summary>The bare status that was answered, if it is an error without details and may still be replaced.</summary>
    public static (StatusCode Code, string Message)? Bare(HttpResponse response)
    {
        if (response.HasStarted
            || !int.TryParse(response.Headers[StatusHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || code == (int)StatusCode.OK
            || response.Headers.ContainsKey(DetailsHeader))
        {
            return null;
        }

        return ((StatusCode)code, Uri.UnescapeDataString(response.Headers[MessageHeader].ToString()));
    }

    public static void Replace(HttpResponse response, RpcFailure failure) => Set(response.Headers, failure);

    private static void Set(IHeaderDictionary headers, RpcFailure failure)
    {
        var exception = failure.ToRpcException();
        headers[StatusHeader] = ((int)exception.StatusCode).ToString(CultureInfo.InvariantCulture);
        headers[MessageHeader] = Escape(exception.Status.Detail);
        if (exception.Trailers.FirstOrDefault(entry => entry.Key == DetailsHeader) is { } details)
        {
            headers[DetailsHeader] = Convert.ToBase64String(details.ValueBytes);
        }
    }

    // Percent-encoding as the protocol wants it: all but printable ASCII, and the percent sign itself.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                escaped.Append((char)octet);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return escaped.ToString();
    }
}

/// <summary>A status that a library beneath us made, without the details that every error of ours has.</summary>
internal static class BareStatus
{
    /// <summary>The same with a reason, which is the name of its code.</summary>
    public static RpcFailure Detailed(StatusCode code, string message, Exception? cause = null) => new(code, Reason(code), message, cause);

    // FailedPrecondition is FAILED_PRECONDITION wherever a program meets it.
    private static string Reason(StatusCode code) => string.Concat(
        code.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString()));
}
