using System.Text;
using Google.Rpc;

namespace HostAgent.Transport;

/// <summary>
/// Cuts a failure until it fits into trailers that every gRPC implementation accepts. Trailers too large would reach the caller
/// as another error altogether, and the real one would be lost.
/// </summary>
internal static class TrailerBudget
{
    private const string LeftOut = "TOO_MANY_TO_SEND";

    // In UTF-8 bytes. The message and the metadata, cut, fit by themselves, so that leaving out violations always ends well.
    private const int LongestText = 512;
    private const int LongestKey = 64;
    private const int LongestValue = 128;
    private const int MostMetadata = 12;

    /// <summary>The failure's status, cut if need be.</summary>
    public static Status Fit(RpcFailure failure, Func<RpcFailure, Status> encode)
    {
        var status = encode(failure);
        if (Size(status) <= RpcFailure.MaxTrailerBytes)
        {
            return status;
        }

        var fields = failure.FieldViolations.Select(Cut).ToList();
        var conditions = failure.PreconditionViolations.Select(Cut).ToList();
        var (shownFields, shownConditions) = (fields.Count, conditions.Count);
        while (true)
        {
            status = encode(new RpcFailure(failure.StatusCode, failure.Reason, Cut(failure.Message, LongestText))
            {
                Domain = failure.Domain,
                Metadata = CutMetadata(failure.Metadata),
                RetryDelay = failure.RetryDelay,
                FieldViolations = Shorten(fields, shownFields, text => new FieldViolation("", text, LeftOut)),
                PreconditionViolations = Shorten(conditions, shownConditions, text => new PreconditionViolation(LeftOut, "", text)),
            });
            if (Size(status) <= RpcFailure.MaxTrailerBytes || shownFields + shownConditions == 0)
            {
                return status;
            }

            (shownFields, shownConditions) = shownFields >= shownConditions ? (shownFields * 3 / 4, shownConditions) : (shownFields, shownConditions * 3 / 4);
        }
    }

    /// <summary>What the status takes up: the message twice, percent-encoded in grpc-message and again in the details, which travel in base64.</summary>
    internal static int Size(Status status)
    {
        var message = 0;
        foreach (var octet in Encoding.UTF8.GetBytes(status.Message))
        {
            message += octet is >= 0x20 and <= 0x7E and not (byte)'%' ? 1 : 3;
        }

        return message + ((status.CalculateSize() + 2) / 3 * 4);
    }

    private static Dictionary<string, string> CutMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        var cut = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Take(MostMetadata))
        {
            cut[Cut(key, LongestKey)] = Cut(value, LongestValue);
        }

        return cut;
    }

    private static List<T> Shorten<T>(List<T> violations, int shown, Func<string, T> notice) => shown == violations.Count
        ? violations
        : [.. violations.Take(shown), notice($"{violations.Count - shown} more are not shown; they do not fit into the response")];

    private static FieldViolation Cut(FieldViolation violation)
        => new(Cut(violation.Field, LongestText), Cut(violation.Description, LongestText), Cut(violation.Reason, LongestText));

    private static PreconditionViolation Cut(PreconditionViolation violation)
        => new(Cut(violation.Type, LongestText), Cut(violation.Subject, LongestText), Cut(violation.Description, LongestText));

    private static string Cut(string text, int longest)
    {
        const string ellipsis = "…";
        if (Encoding.UTF8.GetByteCount(text) <= longest)
        {
            return text;
        }

        var (bytes, length) = (Encoding.UTF8.GetByteCount(ellipsis), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > longest)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), ellipsis);
    }
}
