using System.CommandLine;
using Google.Protobuf.Collections;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign list: the campaigns, newest first.</summary>
internal sealed class ListCommand : CoordinatorCommand
{
    private readonly Option<CampaignState[]> _states = ChoiceOption.States<CampaignState>("Only campaigns in this state.");

    private readonly Option<KeyValuePair<string, string>[]> _labels = new("--label")
    {
        HelpName = "KEY=VALUE",
        Description = "Only campaigns with this label; may be given several times, and all must match.",
        CustomParser = argument =>
        {
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var token in argument.Tokens)
            {
                var end = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (end <= 0)
                {
                    argument.AddError($"--label: \"{token.Value}\" must be KEY=VALUE, such as ticket=DR-1042.");
                }
                else if (!labels.TryAdd(token.Value[..end], token.Value[(end + 1)..]))
                {
                    argument.AddError($"--label: \"{token.Value[..end]}\" is given twice; a label has one value.");
                }
            }

            return [.. labels];
        },
    };

    private readonly Option<bool> _stuck = new("--stuck")
    {
        Description = "Only campaigns that wait for a person, each with what it waits for and the command that frees it; exit code 1 when there is one.",
    };

    public ListCommand(CommandContext context)
        : base("list", "List the campaigns, newest first.", context)
    {
        Add(_states);
        Add(_labels);
        Add(_stuck);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListCampaignsRequest();
        request.States.AddRange(parsed.GetValue(_states) ?? []);
        foreach (var (key, value) in parsed.GetValue(_labels) ?? [])
        {
            request.Labels.Add(key, value);
        }

        var all = new ListCampaignsResponse();
        all.Campaigns.AddRange(await CoordinatorLists.CampaignsAsync(coordinator, request, cancellationToken));
        if (parsed.GetValue(_stuck))
        {
            return await WriteStuckAsync(parsed, coordinator, all.Campaigns, cancellationToken);
        }

        Results(parsed).Write(all, environment => Write(environment, all.Campaigns));
        return ExitCode.Success;
    }

    private async Task<int> WriteStuckAsync(ParseResult parsed, CoordinatorConnection coordinator, RepeatedField<Contracts.Campaigns.V1.Campaign> campaigns, CancellationToken cancellationToken)
    {
        List<(Contracts.Campaigns.V1.Campaign Campaign, ExplainCampaignResponse Waits)> stuck = [];
        foreach (var campaign in campaigns)
        {
            var waits = new ExplainCampaignResponse();
            if (campaign.EndTime is null && campaign.State != CampaignState.Blocked)
            {
                waits = await coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name }, coordinator.Deadline(cancellationToken));
            }

            foreach (var reason in waits.Reasons.Where(reason => !reason.NeedsPerson).ToList())
            {
                waits.Reasons.Remove(reason);
            }

            if (waits.Reasons.Count > 0 || campaign.State == CampaignState.Blocked || campaign.Counts?.UnknownOutcome > 0)
            {
                stuck.Add((campaign, waits));
            }
        }

        Results(parsed).Write(
            () => $"{{\"stuck\":[{string.Join(',', stuck.Select(one => $"{{\"campaign\":{ProtobufJson.Format(one.Campaign)},\"waits\":{ProtobufJson.Format(one.Waits)}}}"))}]}}",
            environment => StuckText.Write(environment, stuck));
        return stuck.Count == 0 ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Write(CommandEnvironment environment, RepeatedField<Contracts.Campaigns.V1.Campaign> campaigns)
    {
        if (campaigns.Count == 0)
        {
            environment.Output.WriteLine("There are no campaigns.");
            return;
        }

        var table = ListTable.Create("NAME", "STATE", ">DONE", ">FAILED", "CREATED", ">ELAPSED", "EXPLANATION");
        foreach (var campaign in campaigns)
        {
            var counts = campaign.Counts ?? new ItemCounts();
            table.Row(
                ResourceName.Id(campaign.Name),
                EnumWord.Of(campaign.State),
                $"{counts.Done()}/{counts.Total}",
                $"{counts.Failed + counts.UnknownOutcome}",
                Quantity.Instant(campaign.CreateTime),
                Quantity.Between(campaign.StartTime, campaign.EndTime, environment.Time.GetUtcNow()),
                campaign.Explanation);
        }

        table.Write(environment);
    }
}
