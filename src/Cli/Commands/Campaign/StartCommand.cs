using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign start: starts a campaign now, or schedules it.</summary>
internal sealed class StartCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<bool> _watch = CampaignArguments.Watch();
    private readonly Option<DateTimeOffset?> _at =
        StartTime.Option("When to start, ISO 8601 with an offset, for example 2026-11-21T22:00:00+01:00; now when not given.");

    private readonly ForecastOptions _assumptions = new("For the forecast that is kept with the start");

    public StartCommand(CommandContext context)
        : base("start", "Start a campaign now, or schedule it.", context)
    {
        Add(_name);
        Add(_at);
        _assumptions.AddAssumptionsTo(this);
        Add(_watch);
        OfferDryRun();
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new StartCampaignRequest { Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)), Assumptions = _assumptions.Read(parsed) };
        if (parsed.GetValue(_at) is { } time)
        {
            request.StartTime = Timestamp.FromDateTimeOffset(time);
        }

        var campaign = await coordinator.Campaigns.StartCampaignAsync(request, coordinator.Deadline(cancellationToken));
        if (parsed.GetValue(_watch) && !IsDryRun(parsed))
        {
            return await new CampaignWatch(coordinator, Results(parsed), Environment.Time).RunAsync(campaign.Name, cancellationToken);
        }

        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
