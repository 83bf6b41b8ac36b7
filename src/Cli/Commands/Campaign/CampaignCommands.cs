using System.CommandLine;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

internal static class CampaignCommands
{
    public static Command Create(CommandContext context)
    {
        var group = new Command("campaign", "Run failback campaigns: many virtual machines on many hosts, in waves, under limits.")
        {
            new ValidateCommand(context),
            new PlanCommand(context),
            new CreateCommand(context),
            new UpdateCommand(context),
            new StartCommand(context),
            new WatchCommand(context),
            Pause(context),
            Resume(context),
            Stop(context),
            new DeleteCommand(context),
            new ListCommand(context),
            new ShowCommand(context),
            new ExplainCommand(context),
            Approve(context),
            Reject(context),
            EndSoak(context),
            new RetryCommand(context),
            new SkipCommand(context),
            new CancelCommand(context),
            new ResolveCommand(context),
            new RecheckCommand(context),
            new ReportCommand(context),
            new SchemaCommand(context),
        };
        context.Connection.AddTo(group);
        return group;
    }

    private static ChangeCampaignCommand Pause(CommandContext context) => new(
        "pause",
        "Start no more items until the campaign is resumed; running items continue.",
        context,
        (campaigns, name, reason, _, options) => campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = name, Reason = reason }, options));

    private static ChangeCampaignCommand Resume(CommandContext context) => new(
        "resume",
        "Start items again; after a pause by tolerance the budget starts from zero.",
        context,
        (campaigns, name, reason, _, options) => campaigns.ResumeCampaignAsync(new ResumeCampaignRequest { Name = name, Reason = reason }, options));

    private static ChangeCampaignCommand Stop(CommandContext context) => new(
        "stop",
        "End a campaign: nothing new starts, running items are followed to their end. A stopped campaign cannot be resumed.",
        context,
        (campaigns, name, reason, takesBack, options) => campaigns.StopCampaignAsync(new StopCampaignRequest { Name = name, Reason = reason, TakeBack = takesBack }, options),
        new Option<bool>("--take-back") { Description = "Host to host: machines whose outage is under way go back to where production ran, unless that would lose what was written at home." });

    private static DecideGateCommand Approve(CommandContext context) => new(
        "approve",
        "Approve the gate of a wave, as one of its approvers.",
        context,
        (campaigns, name, wave, comment, wayBack, options) => campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = name, Wave = wave, Comment = comment, WayBack = wayBack }, options),
        new Option<bool>("--way-back") { Description = "Planned drills: approve the outages of the wave's way back, and nothing else." });

    private static DecideGateCommand Reject(CommandContext context) => new(
        "reject",
        "Reject the gate of a wave: the campaign pauses until the gate is approved.",
        context,
        (campaigns, name, wave, comment, _, options) => campaigns.RejectWaveAsync(new RejectWaveRequest { Name = name, Wave = wave, Comment = comment }, options));

    private static DecideGateCommand EndSoak(CommandContext context) => new(
        "end-soak",
        "End what soaks in a wave before its time: its gate, and the machines of a planned drill that are at the recovery site now.",
        context,
        (campaigns, name, wave, comment, _, options) => campaigns.EndSoakAsync(new EndSoakRequest { Name = name, Wave = wave, Comment = comment }, options));
}
