namespace HostAgent.Campaigns.Planning;

/// <summary>Why a valid document cannot be planned against these hosts.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Path">Where in the document, for example <c>spec.dependencies[0]</c>.</param>
/// <param name="Message">One sentence with the names.</param>
public sealed record PlanProblem(PlanProblemKind Kind, string Path, string Message);
