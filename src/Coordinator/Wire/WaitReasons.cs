using Google.Protobuf.WellKnownTypes;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Wire;

/// <summary>Why items do not move, by reason.</summary>
internal static class WaitReasons
{
    private const int MostReasons = 100;
    private const int MostExamples = 10;

    /// <summary>Explains one item of a campaign, or all of them.</summary>
    public static void Write(Campaigns.States.CampaignState state, string item, DateTimeOffset now, ExplainCampaignResponse response)
    {
        var reasons = new Dictionary<(string Code, string Subject), WaitReason>();
        var items = item.Length > 0 ? [state.FindItem(item)!] : state.Items;
        foreach (var one in items)
        {
            if (WhyNot.Of(state, one, now) is not { } wait)
            {
                response.EndedCount += one.Status.IsTerminal() ? 1 : 0;
                response.MovingCount += one.Status.IsTerminal() ? 0 : 1;
                continue;
            }

            if (!reasons.TryGetValue((wait.Code, wait.Subject), out var reason))
            {
                reasons.Add((wait.Code, wait.Subject), reason = new WaitReason { Code = wait.Code, Subject = wait.Subject, Explanation = wait.Explanation, Act = wait.Act });
            }

            reason.Count++;
            if (wait.EarliestTime is { } time && (reason.EarliestTime is null || time < reason.EarliestTime.ToDateTimeOffset()))
            {
                reason.EarliestTime = time.ToTimestamp();
            }

            if (reason.Examples.Count < MostExamples)
            {
                reason.Examples.Add(one.Planned.VirtualMachineName);
            }
        }

        response.Reasons.AddRange(reasons.Values.OrderByDescending(reason => reason.Count).ThenBy(reason => reason.Code, StringComparer.Ordinal).Take(MostReasons));
    }
}
