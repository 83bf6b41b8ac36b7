using Grpc.Core;
using HostAgent.Campaigns.Planning;
using HostAgent.Documents;
using HostAgent.Transport;
using WireMistake = HostAgent.Contracts.Campaigns.V1.DocumentMistake;

namespace HostAgent.Coordinator.Wire;

/// <summary>Shows the mistakes of a document.</summary>
internal static class DocumentMapper
{
    private const string Whole = "document";

    /// <summary>The message of a mistake.</summary>
    public static WireMistake ToMessage(DocumentMistake mistake) => new()
    {
        Path = mistake.Path,
        Line = mistake.Line,
        Column = mistake.Column,
        Message = mistake.Message,
        Value = mistake.Value,
        Allowed = mistake.Allowed,
    };

    /// <summary>INVALID_ARGUMENT (INVALID_DOCUMENT) with one violation for each mistake, whose description has its place.</summary>
    public static RpcFailure ToFailure(string source, IReadOnlyList<DocumentMistake> mistakes) =>
        Failure(source, [.. mistakes.Select(mistake => new FieldViolation(mistake.Path.Length == 0 ? Whole : mistake.Path, mistake.Format(source)))]);

    /// <summary>The same for mistakes that only the hosts have brought to light.</summary>
    public static RpcFailure ToFailure(string source, IReadOnlyList<PlanProblem> problems) =>
        Failure(source, [.. problems.Select(problem => new FieldViolation(problem.Path.Length == 0 ? Whole : problem.Path, $"{source}: {problem.Message}"))]);

    private static RpcFailure Failure(string source, IReadOnlyList<FieldViolation> violations) =>
        new(StatusCode.InvalidArgument, "INVALID_DOCUMENT", $"{source} has {violations.Count} {(violations.Count == 1 ? "mistake" : "mistakes")}: {violations[0].Description}")
        {
            Domain = CampaignFailures.Domain,
            FieldViolations = violations,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = source },
        };
}
