using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>The campaigns that wait for a person.</summary>
internal static class StuckText
{
    /// <summary>Writes one line for each thing that a campaign waits for, with the first act that frees it.</summary>
    public static void Write(CommandEnvironment environment, IReadOnlyCollection<(Campaign Campaign, ExplainCampaignResponse Waits)> stuck)
    {
        if (stuck.Count == 0)
        {
            environment.Output.WriteLine("No campaign waits for a person.");
            return;
        }

        var table = ListTable.Create("CAMPAIGN", "STATE", "WAITS FOR", "EXPLANATION", "DO");
        foreach (var (campaign, waits) in stuck)
        {
            var (id, state) = (ResourceName.Id(campaign.Name), EnumWord.Of(campaign.State));
            if (campaign.State == CampaignState.Blocked)
            {
                table.Row(id, state, "BLOCKED", campaign.Explanation, "");
            }

            if (campaign.Counts is { UnknownOutcome: > 0 and var unknown })
            {
                table.Row(id, state, string.Create(CultureInfo.InvariantCulture, $"{unknown} UNKNOWN_OUTCOME"), "Nobody knows whether these were failed back.", $"failback campaign show {id} --items --state UNKNOWN_OUTCOME");
            }

            foreach (var reason in waits.Reasons)
            {
                table.Row(id, state, WaitText.Title(reason), reason.Explanation, WaitText.Acts(reason).FirstOrDefault() ?? "");
            }
        }

        table.Write(environment);
    }
}
