using Grpc.Core;
using HostAgent.Campaigns.Planning;
using HostAgent.Documents;
using HostAgent.Transport;
using WireError = HostAgent.Contracts.Campaigns.V1.DocumentError;

namespace HostAgent.Coordinator.Wire;

/// <summary>Converts the errors of a document to messages.</summary>
internal static class DocumentMapper
{
    private const string Whole = "document";

    public static WireError ToMessage(DocumentError error) => new()
    {
        Path = error.Path,
        Line = error.Line,
        Column = error.Column,
        Message = error.Message,
        Value = error.Value,
        Allowed = error.Allowed,
    };

    /// <summary>INVALID_ARGUMENT (INVALID_DOCUMENT) with one violation per error, whose description has its position.</summary>
    public static RpcFailure ToFailure(string source, IReadOnlyList<DocumentError> errors)
        => Failure(source, [.. errors.Select(error => new FieldViolation(error.Path.Length == 0 ? Whole : error.Path, error.Format(source)))]);

    /// <summary>The same for errors found only by planning against the hosts.</summary>
    public static RpcFailure ToFailure(string source, IReadOnlyList<PlanProblem> problems)
        => Failure(source, [.. problems.Select(problem => new FieldViolation(problem.Path.Length == 0 ? Whole : problem.Path, $"{source}: {problem.Message}"))]);

    private static RpcFailure Failure(string source, IReadOnlyList<FieldViolation> violations)
        => new(StatusCode.InvalidArgument, "INVALID_DOCUMENT", $"{source} has {violations.Count} {(violations.Count == 1 ? "error" : "errors")}: {violations[0].Description}")
        {
            Domain = CampaignFailures.Domain,
            FieldViolations = violations,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = source },
        };
}
