using System.CommandLine;
using System.CommandLine.Help;
using HostAgent.Cli.Commands;
using HostAgent.Cli.Commands.Audit;
using HostAgent.Cli.Commands.Campaign;
using HostAgent.Cli.Commands.Client;
using HostAgent.Cli.Commands.Host;
using HostAgent.Cli.Commands.Machine;
using HostAgent.Cli.Commands.Notify;
using HostAgent.Cli.Commands.Support;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Application;

/// <summary>The command line: failback NOUN VERB.</summary>
internal static class CommandTree
{
    /// <summary>Builds the operator's commands, followed by the commands that the executable adds.</summary>
    public static RootCommand Create(CommandEnvironment environment, IEnumerable<Func<CommandContext, Command>> added)
    {
        var output = ChoiceOption.One(
            "--output",
            "text or table (the default) for people; json for programs: one object, or JSON Lines for a watch; yaml is the same as YAML documents.",
            ("text", OutputFormat.Text),
            ("table", OutputFormat.Text),
            ("json", OutputFormat.Json),
            ("yaml", OutputFormat.Yaml));
        output.Aliases.Add("-o");
        output.Recursive = true;
        var context = new CommandContext(environment, new ConnectionOptions(environment), output);
        var root = new RootCommand("Failback campaigns for Hyper-V replica virtual machines.")
        {
            CampaignCommands.Create(context),
            HostCommands.Create(context),
            MachineCommands.Create(context),
            AuditCommands.Create(context),
            NotifyCommands.Create(context),
            ContextCommands.Create(context),
            CompletionCommand.Create(context),
            ReasonsCommand.Create(context),
            new DoctorCommand(context),
            new SupportBundleCommand(context),
        };
        foreach (var create in added)
        {
            root.Add(create(context));
        }

        var names = new NameCompletion(context);
        NameCompletion.Offer(root, "campaign", "NAME", names.Campaigns);
        NameCompletion.Offer(root, "host", "HOST", names.Hosts);
        NameCompletion.Offer(root, "notify", "CHANNEL", names.Channels);
        root.Add(output);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        }

        return root;
    }
}
