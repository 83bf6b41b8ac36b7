using System.CommandLine;
using System.Globalization;
using HostAgent.Cli;
using HostAgent.Cli.Commands;
using HostAgent.Coordinator;
using HostAgent.Hosting;

namespace HostAgent.Failback.Stores;

/// <summary>failback store: checks the store of a coordinator's campaigns, returns, drills and proofs, and moves it between SQLite and PostgreSQL.</summary>
internal static class StoreCommands
{
    public static Command Create(CommandContext context)
    {
        var checkedFile = File("--file", "Check this export instead of a store.", isRequired: false);
        var written = File("--to", "The file to write; it must not exist, and is readable by you alone.", isRequired: true);
        var read = File("--from", "The export to read.", isRequired: true);
        return new("store", "Check the store of a coordinator's campaigns, returns and drills, and move it between SQLite and PostgreSQL.")
        {
            new StoreCommand(context, "check", "Check every campaign, return and drill of a store: no event missing, changed or unreadable, and the audit unbroken. A coordinator may be at work on it.", checkedFile,
                (parsed, settings, cancellationToken) => parsed.GetValue(checkedFile) is { } file ? CoordinatorStore.CheckFileAsync(file, cancellationToken) : CoordinatorStore.CheckAsync(settings, cancellationToken),
                report => $"{report.Store}: {Contents(report)}; all of it is intact."),
            new StoreCommand(context, "export", "Write a store, as it is at this moment, to a file that any version of the store can be made from. A coordinator may be at work on it.", written,
                (parsed, settings, cancellationToken) => CoordinatorStore.ExportAsync(settings, parsed.GetRequiredValue(written), cancellationToken),
                report => $"{report.Store}: {Contents(report)} exported; all of it is intact."),
            new StoreCommand(context, "import", "Fill an empty store from an export, all or nothing. No coordinator may be at work on it.", read,
                (parsed, settings, cancellationToken) => CoordinatorStore.ImportAsync(settings, parsed.GetRequiredValue(read), cancellationToken),
                report => $"{report.Store}: {Contents(report)} imported; all of it is intact."),
        };
    }

    private static Option<string> File(string name, string description, bool isRequired) => new(name) { HelpName = "FILE", Required = isRequired, Description = description };

    private static string Contents(StoreReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{Count(report.Campaigns, "campaign")}, {Count(report.Events, "event")}, {Count(report.AuditRecords, "audit record")}, {Count(report.Returns, "return")}, {Count(report.Drills, "drill")}, {Count(report.Proofs, "proof")}");

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private sealed class StoreCommand : Command, IHelpSection
    {
        public StoreCommand(
            CommandContext context, string name, string purpose, Option<string> file, Func<ParseResult, string[], CancellationToken, Task<StoreReport>> act, Func<StoreReport, string> success)
            : base(name, purpose)
        {
            Add(file);
            // The rest are the coordinator's own settings.
            TreatUnmatchedTokensAsErrors = false;
            SetAction((parsed, cancellationToken) => RunAsync(context.Environment, () => act(parsed, [.. parsed.UnmatchedTokens], cancellationToken), success));
        }

        /// <inheritdoc/>
        public void WriteTo(TextWriter output)
        {
            output.WriteLine("The store is the one of a coordinator with these settings, which may also come from the environment:");
            output.WriteLine("  --data DIRECTORY                             SQLite: the coordinator's data directory");
            output.WriteLine("  --Coordinator:Store:Kind postgresql          PostgreSQL, with the other settings of Coordinator:Store (Host, Port, Database, User, PasswordFile, …)");
        }

        private static async Task<int> RunAsync(CommandEnvironment environment, Func<Task<StoreReport>> act, Func<StoreReport, string> success)
        {
            StoreReport report;
            try
            {
                report = await act();
            }
            catch (StartException exception)
            {
                throw new CommandException(ExitCode.Invalid, exception.Lines);
            }

            if (report.Findings.Count == 0)
            {
                await environment.Output.WriteLineAsync(success(report));
                return ExitCode.Success;
            }

            throw new CommandException(
                ExitCode.Failed,
                [.. report.Findings.Select(finding => $"{finding.Campaign}: {finding.Finding}."), string.Create(CultureInfo.InvariantCulture, $"{report.Store}: {report.Findings.Count} damaged, of {Contents(report)}.")]);
        }
    }
}
