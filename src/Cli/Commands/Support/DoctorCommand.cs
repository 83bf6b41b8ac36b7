using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands.Support;

/// <summary>failback doctor: checks everything between this user and the hosts.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly CommandContext _context;

    public DoctorCommand(CommandContext context)
        : base("doctor", "Check the way from here to the hosts: settings, certificates, clocks, versions, the coordinator's store and disk, every host and its agent. Changes nothing.")
    {
        _context = context;
        context.Connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var checkup = new Checkup(_context);
        await checkup.RunAsync(parsed, _ => Task.CompletedTask, cancellationToken);
        var findings = checkup.Findings;
        new ResultWriter(_context.Environment, parsed.GetValue(_context.Output)).Write(() => Json(findings), environment => Write(environment, findings));
        return findings.Any(finding => finding.Result is FindingResult.Failed or FindingResult.NotChecked) ? ExitCode.Failed : ExitCode.Success;
    }

    /// <summary>The findings for programs.</summary>
    public static string Json(IReadOnlyList<Finding> findings)
        => JsonSerializer.Serialize(new { checks = findings.Select(finding => new { check = finding.Check, result = finding.Word.ToLowerInvariant(), seen = finding.Seen, act = finding.Act }) });

    private static void Write(CommandEnvironment environment, IReadOnlyList<Finding> findings)
    {
        var table = ListTable.Create("CHECK", "RESULT", "SEEN", "DO");
        foreach (var finding in findings)
        {
            table.Row(finding.Check, finding.Word, finding.Seen, finding.Act);
        }

        table.Write(environment);
        environment.Output.WriteLine();
        environment.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(FindingResult.Failed)} failed, {Count(FindingResult.Warning)} {(Count(FindingResult.Warning) == 1 ? "warning" : "warnings")}, {Count(FindingResult.NotChecked)} not checked, {Count(FindingResult.Ok)} ok."));

        int Count(FindingResult result) => findings.Count(finding => finding.Result == result);
    }
}
