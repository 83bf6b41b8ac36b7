using System.CommandLine;
using System.CommandLine.Help;
using HostAgent.Cli.Commands;
using HostAgent.Cli.Commands.Audit;
using HostAgent.Cli.Commands.Campaign;
using HostAgent.Cli.Commands.Host;
using HostAgent.Cli.Commands.Machine;
using HostAgent.Cli.Connection;

namespace HostAgent.Cli.Application;

/// <summary>The command line: failback NOUN VERB.</summary>
internal static class CommandTree
{
    /// <summary>Builds the operator's commands, followed by the commands that the executable adds.</summary>
    public static RootCommand Create(CommandEnvironment environment, IEnumerable<Func<CommandContext, Command>> added)
    {
        var output = ChoiceOption.One(
            "--output",
            "text (the default) for people; json for programs: one object, or JSON Lines for a watch.",
            ("text", OutputFormat.Text),
            ("json", OutputFormat.Json));
        output.Recursive = true;
        var context = new CommandContext(environment, new ConnectionOptions(environment), output);
        var root = new RootCommand("Failback campaigns for Hyper-V replica virtual machines.")
        {
            CampaignCommands.Create(context),
            HostCommands.Create(context),
            MachineCommands.Create(context),
            AuditCommands.Create(context),
        };
        foreach (var create in added)
        {
            root.Add(create(context));
        }

        root.Add(output);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        }

        return root;
    }
}
