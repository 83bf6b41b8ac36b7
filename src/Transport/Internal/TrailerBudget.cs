using Google.Rpc;

namespace HostAgent.Transport.Internal;

/// <summary>
/// Cuts a failure until its status fits into a trailer that every gRPC implementation accepts. A trailer too large would reach
/// the caller as another error altogether, and the real one would be lost.
/// </summary>
internal static class TrailerBudget
{
    private const int LongestText = 512;

    public static Status Fit(RpcFailure failure, Func<RpcFailure, Status> encode)
    {
        var status = encode(failure);
        if (status.CalculateSize() <= RpcFailure.MaxDetailsBytes)
        {
            return status;
        }

        // First the long texts, then the last violations, until it fits.
        var shortened = Copy(failure, Cut(failure.Message), [.. failure.FieldViolations.Select(Cut)], [.. failure.PreconditionViolations.Select(Cut)]);
        status = encode(shortened);
        var (fields, conditions) = (shortened.FieldViolations.Count, shortened.PreconditionViolations.Count);
        while (status.CalculateSize() > RpcFailure.MaxDetailsBytes && fields + conditions > 0)
        {
            (fields, conditions) = fields >= conditions ? (fields * 3 / 4, conditions) : (fields, conditions * 3 / 4);
            status = encode(Copy(
                shortened,
                shortened.Message,
                [.. shortened.FieldViolations.Take(fields), .. LeftOut(shortened.FieldViolations.Count - fields, text => new FieldViolation("", text, TooMany))],
                [.. shortened.PreconditionViolations.Take(conditions), .. LeftOut(shortened.PreconditionViolations.Count - conditions, text => new PreconditionViolation(TooMany, "", text))]));
        }

        return status;
    }

    private const string TooMany = "TOO_MANY_TO_SEND";

    private static RpcFailure Copy(RpcFailure failure, string message, IReadOnlyList<FieldViolation> fields, IReadOnlyList<PreconditionViolation> conditions) =>
        new(failure.StatusCode, failure.Reason, message)
        {
            Domain = failure.Domain,
            Metadata = failure.Metadata.Take(MostMetadata).ToDictionary(pair => Cut(pair.Key, LongestKey), pair => Cut(pair.Value, LongestValue), StringComparer.Ordinal),
            RetryDelay = failure.RetryDelay,
            FieldViolations = fields,
            PreconditionViolations = conditions,
        };

    private const int MostMetadata = 12;
    private const int LongestKey = 64;
    private const int LongestValue = 128;

    private static IEnumerable<T> LeftOut<T>(int count, Func<string, T> create) => count > 0 ? [create($"{count} more are not shown: the answer has no room for them")] : [];

    private static FieldViolation Cut(FieldViolation violation) => new(Cut(violation.Field), Cut(violation.Description), Cut(violation.Reason));

    private static PreconditionViolation Cut(PreconditionViolation violation) => new(Cut(violation.Type), Cut(violation.Subject), Cut(violation.Description));

    private static string Cut(string text, int longest = LongestText) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest - 1), "…");
}
