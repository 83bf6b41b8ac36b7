using HostAgent.Contracts.Failback.V1;
using CheckReadinessResponse = HostAgent.Contracts.Campaigns.V1.CheckReadinessResponse;
using CheckReturnResponse = HostAgent.Contracts.Campaigns.V1.CheckReturnResponse;

namespace HostAgent.Cli.Output;

/// <summary>A preflight: what blocks first, then every other check.</summary>
internal static class ReadinessText
{
    /// <summary>Of a failback's machine.</summary>
    public static void Write(CommandEnvironment environment, CheckReadinessResponse answer) => Write(
        environment, $"{answer.VirtualMachine.Name} ({answer.VirtualMachine.Id})", answer.Ready, answer.Checks, "once a campaign accepts the overridable checks below in readiness.ignore");

    /// <summary>Of a machine that returns between two hosts.</summary>
    public static void Write(CommandEnvironment environment, CheckReturnResponse answer, string machine)
        => Write(environment, machine, answer.Ready, answer.Checks, "once the outage is approved with --accept for each overridable check below");

    private static void Write(CommandEnvironment environment, string machine, bool ready, IReadOnlyCollection<ReadinessCheck> checks, string accepted)
    {
        var found = checks.Where(check => !check.Passed).OrderBy(check => check.Severity).ToList();
        environment.Output.WriteLine($"{machine} {Verdict(ready, found, accepted)}");
        foreach (var check in found)
        {
            environment.Output.WriteLine();
            environment.Output.WriteLine($"{EnumWord.Of(check.Severity)}  {check.Id}");
            environment.Output.WriteLine($"  {check.Observed}");
            environment.Output.WriteLine($"  {check.Remedy}");
        }

        var table = ListTable.Create("PASSED", "SEEN");
        foreach (var check in checks.Where(check => check.Passed))
        {
            table.Row(check.Id, check.Observed);
        }

        table.WriteBlock(environment);
    }

    private static string Verdict(bool ready, List<ReadinessCheck> found, string accepted) => (ready, found.Exists(check => check.Severity == CheckSeverity.Overridable)) switch
    {
        (false, _) => "is not ready.",
        (true, true) => $"is ready {accepted}.",
        _ => "is ready.",
    };
}
