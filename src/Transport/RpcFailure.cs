using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace HostAgent.Transport;

/// <summary>
/// A failed call with everything it says: thrown by a service, it crosses the wire as <c>google.rpc.Status</c> with details and
/// is read on the other side as the same failure.
/// </summary>
/// <remarks>
/// The details are <c>ErrorInfo</c> (reason, domain, metadata), <c>RetryInfo</c>, <c>BadRequest</c> and <c>PreconditionFailure</c>
/// of google/rpc/error_details.proto. They travel in trailers, which peers bound to a few kilobytes: a failure too large for that
/// is cut to <see cref="MaxTrailerBytes"/> and says how many violations it left out.
/// </remarks>
/// <param name="statusCode">The canonical code; not OK.</param>
/// <param name="reason">Why, an UPPER_SNAKE_CASE word that programs may act upon; empty when nothing is known but the code.</param>
/// <param name="message">One sentence for a person that names the thing, the value and what is allowed.</param>
/// <param name="cause">The cause, on this side only; it is never sent.</param>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is a failure first, read and passed on as a value; that it can be thrown is how gRPC wants it.")]
public sealed class RpcFailure(StatusCode statusCode, string reason, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The domain of every error that a service of this product raises.</summary>
    public const string ProductDomain = "failback.hyperv";

    /// <summary>The domain of failures while connecting, detected on this side; the reasons are those of <see cref="ConnectionReason"/>.</summary>
    public const string ConnectionDomain = "failback.connection";

    /// <summary>The most that the message and the details of a failure take up in the trailers, in bytes as sent. gRPC implementations accept trailers of 8 KiB by default.</summary>
    public const int MaxTrailerBytes = 7 * 1024;

    /// <summary>The canonical status code; never OK.</summary>
    public StatusCode StatusCode { get; } = statusCode != StatusCode.OK
        ? statusCode
        : throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "a failure cannot have the status OK");

    /// <summary>Why, an UPPER_SNAKE_CASE word, unique within the domain. Empty when the peer sent no <c>ErrorInfo</c>.</summary>
    public string Reason { get; } = reason;

    /// <summary>The domain that defines <see cref="Reason"/>; <see cref="ProductDomain"/> unless set. Empty when the peer sent no <c>ErrorInfo</c>.</summary>
    public string Domain { get; init; } = ProductDomain;

    /// <summary>Names and values of the things that the failure is about; snake_case keys. Empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When the same call may succeed if repeated unchanged; null when it will not.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Every field of the request that is wrong.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations { get; init; } = [];

    /// <summary>Every condition that is not met.</summary>
    public IReadOnlyList<PreconditionViolation> PreconditionViolations { get; init; } = [];

    /// <summary>The failure as a service throws it, with the details in its trailers.</summary>
    public RpcException ToRpcException() => RpcFailureCodec.Encode(this);

    /// <summary>
    /// Reads a failure out of what a call threw: the details that the peer sent, or, where no peer answered, one sentence that
    /// names the address and the cause (domain <see cref="ConnectionDomain"/>).
    /// </summary>
    /// <param name="exception">What the call threw; it becomes the <see cref="Exception.InnerException"/>.</param>
    /// <param name="address">What to call the peer when its connection broke in the middle of a stream, if known.</param>
    public static RpcFailure From(RpcException exception, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return RpcFailureCodec.Decode(exception, address);
    }
}

/// <summary>One field of a request that is wrong (google.rpc.BadRequest.FieldViolation).</summary>
/// <param name="Field">The path of the field in the request message, for example <c>recovery_point.not_after</c>.</param>
/// <param name="Description">What is wrong with it: the value and what is allowed.</param>
/// <param name="Reason">The same as an UPPER_SNAKE_CASE word, where programs act upon it; empty otherwise.</param>
public sealed record FieldViolation(string Field, string Description, string Reason = "");

/// <summary>One condition that is not met (google.rpc.PreconditionFailure.Violation).</summary>
/// <param name="Type">The kind of condition, for example the id of a readiness check.</param>
/// <param name="Subject">What it is about, for example a virtual machine.</param>
/// <param name="Description">What is wrong and what to do, one sentence.</param>
public sealed record PreconditionViolation(string Type, string Subject, string Description);
