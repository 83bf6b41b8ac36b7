using System.CommandLine;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>The group "failback campaign".</summary>
internal static class CampaignCommands
{
    /// <summary>Builds the group.</summary>
    public static Command Create(CommandSetting setting)
    {
        var group = new Command("campaign", "Run failback campaigns: many virtual machines on many hosts, in waves, under limits.")
        {
            new ValidateCommand(setting),
            new PlanCommand(setting),
            new CreateCommand(setting),
            new StartCommand(setting),
            new WatchCommand(setting),
            new PauseCommand(setting),
            new ResumeCommand(setting),
            new StopCommand(setting),
            new ListCommand(setting),
            new ShowCommand(setting),
            new ApproveCommand(setting),
            new RejectCommand(setting),
            new RetryCommand(setting),
            new SkipCommand(setting),
            new CancelCommand(setting),
            new ResolveCommand(setting),
            new RecheckCommand(setting),
        };
        setting.Connection.AddTo(group);
        return group;
    }
}
