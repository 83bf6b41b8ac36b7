using System.CommandLine;
using System.Globalization;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign explain: why items do not move, and what frees them.</summary>
internal sealed class ExplainCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = new("ITEM") { Description = "The id of the only item to explain; every item by default.", Arity = ArgumentArity.ZeroOrOne };

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
        Results(parsed).Write(answer, environment =>
        {
            environment.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.MovingCount} moving, {answer.EndedCount} ended, {answer.Reasons.Sum(reason => reason.Count)} waiting."));
            foreach (var reason in answer.Reasons)
            {
                environment.Output.WriteLine();
                environment.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{reason.Count} {reason.Code}{(reason.Subject.Length > 0 ? $" ({reason.Subject})" : "")}: {string.Join(", ", reason.Examples)}{(reason.Count > reason.Examples.Count ? ", …" : "")}"));
                environment.Output.WriteLine($"  {reason.Explanation}");
                if (reason.EarliestTime is { } time)
                {
                    environment.Output.WriteLine($"  At the earliest at {Quantity.Instant(time)}.");
                }

                if (reason.Act.Length > 0)
                {
                    environment.Output.WriteLine($"  → {reason.Act}");
                }
            }
        });
        return ExitCode.Success;
    }
}
