using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign watch: shows a campaign until it has ended.</summary>
internal sealed class WatchCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();

    /// <summary>Defines the command.</summary>
    public WatchCommand(CommandSetting setting)
        : base("watch", "Watch a campaign until it has ended: live on a terminal, one line for each change in a pipe, JSON Lines with --output json.", setting)
        => Add(_name);

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
        => new CampaignWatch(coordinator, Results(parsed), Shell.Time).RunAsync(ResourceName.Campaign(parsed.GetRequiredValue(_name)), cancellation);
}
