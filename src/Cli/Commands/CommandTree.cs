using System.CommandLine;
using System.CommandLine.Help;
using HostAgent.Cli.Commands.Audit;
using HostAgent.Cli.Commands.Campaign;
using HostAgent.Cli.Commands.Host;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>The whole of the command line: failback NOUN VERB.</summary>
internal static class CommandTree
{
    /// <summary>Builds the operator's commands, followed by the commands that the executable adds.</summary>
    public static RootCommand Create(Shell shell, IEnumerable<Func<CommandSetting, Command>> added)
    {
        var output = ChoiceOption.One(
            "--output",
            "text (the default) for people; json for programs: one object, or JSON Lines for a watch.",
            ("text", OutputFormat.Text),
            ("json", OutputFormat.Json));
        output.Recursive = true;
        var setting = new CommandSetting(shell, new ConnectionOptions(shell), output);
        var root = new RootCommand("Failback campaigns for Hyper-V replica virtual machines.")
        {
            CampaignCommands.Create(setting),
            HostCommands.Create(setting),
            AuditCommands.Create(setting),
        };
        foreach (var create in added)
        {
            root.Add(create(setting));
        }

        root.Add(output);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        }

        return root;
    }
}
