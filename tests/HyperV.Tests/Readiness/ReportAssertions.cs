using HostAgent.HyperV.Readiness;

namespace HostAgent.HyperV.Tests.Readiness;

/// <summary>What the tests of the preflight say of a report.</summary>
internal static class ReportAssertions
{
    public static ReadinessCheck Find(ReadinessReport report, string id) => report.Checks.Single(c => c.Id == id);

    public static void ShouldPass(ReadinessReport report, string id, string observed)
    {
        var check = Find(report, id);
        check.Observed.ShouldContain(observed);
        check.Passed.ShouldBeTrue(check.Observed);
    }

    public static void ShouldFail(ReadinessReport report, string id, CheckSeverity severity, string observed)
    {
        var check = Find(report, id);
        check.Observed.ShouldContain(observed);
        check.Passed.ShouldBeFalse(check.Observed);
        check.Severity.ShouldBe(severity);
        check.Remedy.ShouldEndWith(".");
        report.Ready.ShouldBe(severity is not CheckSeverity.Blocking);
        report.Obstacles([]).Any(c => c.Id == id).ShouldBe(severity is not CheckSeverity.Informational);
    }
}
