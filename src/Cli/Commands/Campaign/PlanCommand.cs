using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign plan: what a document would do with the hosts as they are now.</summary>
internal sealed class PlanCommand : CoordinatorCommand
{
    private readonly Argument<string> _file = CampaignArguments.File();
    private readonly Option<bool> _items = new("--items") { Description = "List the items in start order." };
    private readonly Option<bool> _forecast = new("--forecast") { Description = "Also forecast the duration by running the plan in virtual time." };
    private readonly ForecastOptions _assumptions = new();

    public PlanCommand(CommandContext context)
        : base("plan", "Show what a campaign would do with the hosts in their current state: waves, peaks, and what is refused and why. Stores nothing.", context)
    {
        Add(_file);
        Add(_items);
        Add(_forecast);
        _assumptions.AddTo(this, _forecast);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var document = await DocumentFile.ReadAsync(Environment, parsed.GetRequiredValue(_file), cancellationToken);
        var request = new PlanCampaignRequest { Document = document, Forecast = parsed.GetValue(_forecast), Assumptions = _assumptions.Read(parsed), HomeBy = _assumptions.ReadHomeBy(parsed) };
        var plan = await DocumentFile.CallAsync(
            coordinator, document, () => coordinator.Campaigns.PlanCampaignAsync(request, coordinator.Deadline(cancellationToken)), cancellationToken);
        Results(parsed).Write(plan, environment => PlanText.Write(environment, plan, parsed.GetValue(_items)));
        return plan.Forecast is { DurationP50: null } or { Deadline.Met: false } ? ExitCode.Failed : ExitCode.Success;
    }
}
