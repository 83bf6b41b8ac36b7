using HostAgent.Contracts.Failback.V1;
using CheckReadinessResponse = HostAgent.Contracts.Campaigns.V1.CheckReadinessResponse;

namespace HostAgent.Cli.Output;

/// <summary>A preflight: what blocks the failback first, then every other check.</summary>
internal static class ReadinessText
{
    public static void Write(CommandEnvironment environment, CheckReadinessResponse answer)
    {
        var machine = answer.VirtualMachine;
        var found = answer.Checks.Where(check => !check.Passed).OrderBy(check => check.Severity).ToList();
        environment.Output.WriteLine($"{machine.Name} ({machine.Id}) {Verdict(answer.Ready, found)}");
        foreach (var check in found)
        {
            environment.Output.WriteLine();
            environment.Output.WriteLine($"{EnumWord.Of(check.Severity)}  {check.Id}");
            environment.Output.WriteLine($"  {check.Observed}");
            environment.Output.WriteLine($"  {check.Remedy}");
        }

        var table = ListTable.Create("PASSED", "SEEN");
        foreach (var check in answer.Checks.Where(check => check.Passed))
        {
            table.Row(check.Id, check.Observed);
        }

        table.WriteBlock(environment);
    }

    private static string Verdict(bool ready, List<ReadinessCheck> found) => (ready, found.Exists(check => check.Severity == CheckSeverity.Overridable)) switch
    {
        (false, _) => "is not ready.",
        (true, true) => "is ready once a campaign accepts the overridable checks below in readiness.ignore.",
        _ => "is ready.",
    };
}
