using System.CommandLine;

namespace HostAgent.Cli.Commands.Audit;

internal static class AuditCommands
{
    public static Command Create(CommandContext context)
    {
        var group = new Command("audit", "Export the audit records of a campaign, and check them without the coordinator.")
        {
            new ExportCommand(context),
            new EvidenceCommand(context),
            new VerifyCommand(context),
        };
        context.Connection.AddTo(group);
        return group;
    }
}
