using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign retry: starts a new attempt at items that did not succeed.</summary>
internal sealed class RetryCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string[]> _items = new("ITEM")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The items' ids, as \"campaign show NAME --items\" lists them; none: every failed one, what was skipped for it, and what a stop left unfinished.",
    };

    private readonly Option<string> _reason = CampaignArguments.Reason();

    public RetryCommand(CommandContext context)
        : base("retry", "Retry items that failed, were cancelled or were skipped.", context)
    {
        Add(_name);
        Add(_items);
        Add(_reason);
        OfferDryRun();
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new RetryItemsRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Reason = parsed.GetValue(_reason) ?? "",
        };
        request.ItemIds.AddRange((parsed.GetValue(_items) ?? []).Select(ResourceName.Id));
        var response = await coordinator.Campaigns.RetryItemsAsync(request, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(response, environment =>
        {
            if (response.Items.Count == 0)
            {
                environment.Output.WriteLine("No items to retry.");
            }

            foreach (var item in response.Items)
            {
                environment.Output.WriteLine(CampaignText.Sentence(item));
            }
        });
        return ExitCode.Success;
    }
}
