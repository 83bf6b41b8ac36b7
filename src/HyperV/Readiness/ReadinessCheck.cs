namespace HostAgent.HyperV.Readiness;

/// <summary>One readiness check and what it found.</summary>
/// <param name="Id">A stable UPPER_SNAKE_CASE id of <see cref="ReadinessCheckId"/>; it names the problem looked for.</param>
/// <param name="Passed">Whether the problem is absent.</param>
/// <param name="Severity">What it means when the problem is there.</param>
/// <param name="Observed">What was seen, in words with the value.</param>
/// <param name="Remedy">What to do about it; empty when passed.</param>
public sealed record ReadinessCheck(string Id, bool Passed, CheckSeverity Severity, string Observed, string Remedy)
{
    internal static ReadinessCheck Of(string id, bool passed, CheckSeverity severity, string observed, string remedy)
        => new(id, passed, severity, observed, passed ? string.Empty : remedy);
}
