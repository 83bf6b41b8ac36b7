using System.CommandLine;
using HostAgent.Contracts.Campaigns.V1;

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
            new UpdateCommand(setting),
            new StartCommand(setting),
            new WatchCommand(setting),
            Pause(setting),
            Resume(setting),
            Stop(setting),
            new DeleteCommand(setting),
            new ListCommand(setting),
            new ShowCommand(setting),
            Approve(setting),
            Reject(setting),
            new RetryCommand(setting),
            new SkipCommand(setting),
            new CancelCommand(setting),
            new ResolveCommand(setting),
            new RecheckCommand(setting),
            new ReportCommand(setting),
            new SchemaCommand(setting),
        };
        setting.Connection.AddTo(group);
        return group;
    }

    private static ChangeCampaignCommand Pause(CommandSetting setting) => new(
        "pause",
        "Stop starting items until the campaign is resumed; what runs goes on.",
        setting,
        (campaigns, name, reason, options) => campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = name, Reason = reason }, options));

    private static ChangeCampaignCommand Resume(CommandSetting setting) => new(
        "resume",
        "Start items again; after a pause by tolerance the budget starts from zero.",
        setting,
        (campaigns, name, reason, options) => campaigns.ResumeCampaignAsync(new ResumeCampaignRequest { Name = name, Reason = reason }, options));

    private static ChangeCampaignCommand Stop(CommandSetting setting) => new(
        "stop",
        "End a campaign: nothing new starts, what runs is watched to its end. It cannot be resumed.",
        setting,
        (campaigns, name, reason, options) => campaigns.StopCampaignAsync(new StopCampaignRequest { Name = name, Reason = reason }, options));

    private static DecideGateCommand Approve(CommandSetting setting) => new(
        "approve",
        "Approve the gate of a wave, as one of its approvers.",
        setting,
        (campaigns, name, wave, comment, options) => campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = name, Wave = wave, Comment = comment }, options));

    private static DecideGateCommand Reject(CommandSetting setting) => new(
        "reject",
        "Reject the gate of a wave: the campaign pauses until it is approved after all.",
        setting,
        (campaigns, name, wave, comment, options) => campaigns.RejectWaveAsync(new RejectWaveRequest { Name = name, Wave = wave, Comment = comment }, options));
}
