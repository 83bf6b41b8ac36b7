using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Watch;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign watch: shows a campaign until it has ended.</summary>
internal sealed class WatchCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();

    public WatchCommand(CommandContext context)
        : base("watch", "Watch a campaign until it ends: live on a terminal, one line for each change in a pipe, JSON Lines with --output json.", context)
        => Add(_name);

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
        => new CampaignWatch(coordinator, Results(parsed), Environment.Time).RunAsync(ResourceName.Campaign(parsed.GetRequiredValue(_name)), cancellationToken);
}

/// <summary>Watching as a part of a command: shows the campaign to its end and turns that into an exit code.</summary>
internal sealed class CampaignWatch(CoordinatorConnection coordinator, ResultWriter results, TimeProvider time)
{
    /// <summary>Watches the campaign to its end.</summary>
    /// <returns>0 when it is COMPLETED with everything its document asks for, or with accepted warnings; 1 when not; 130 when the watch was interrupted.</returns>
    public async Task<int> RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var campaign = await new CampaignWatcher(coordinator.Campaigns, time).WatchAsync(name, results.WatchDisplay(), cancellationToken);
            if (campaign is { RefusedCount: > 0, WarningsAcceptedBy: "" })
            {
                // The watch itself brings counts alone.
                var whole = await coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = name }, coordinator.Deadline(cancellationToken));
                foreach (var note in CampaignText.Notes(whole))
                {
                    results.Remark(note);
                }

                return ExitCode.Failed;
            }

            return campaign.State == CampaignState.Completed ? ExitCode.Success : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var id = ResourceName.Id(name);
            results.Remark($"Stopped watching; campaign {id} continues. Watch it again with: failback campaign watch {id}");
            return ExitCode.Interrupted;
        }
    }
}
