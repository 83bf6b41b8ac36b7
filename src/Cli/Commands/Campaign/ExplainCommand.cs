using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign explain: why items do not move, and what frees them.</summary>
internal sealed class ExplainCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = new("ITEM") { Description = "The only item to explain, by its id or the name of its machine; every item by default.", Arity = ArgumentArity.ZeroOrOne };

    public ExplainCommand(CommandContext context)
        : base("explain", "Tell why items do not move, when they can, and what frees them.", context)
    {
        Add(_name);
        Add(_item);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ExplainCampaignRequest { Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)), ItemId = parsed.GetValue(_item) ?? "" };
        var answer = await coordinator.Campaigns.ExplainCampaignAsync(request, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(answer, environment => WaitText.Write(environment, answer));
        return ExitCode.Success;
    }
}
