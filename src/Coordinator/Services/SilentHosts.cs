using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using WaitReason = HostAgent.Contracts.Campaigns.V1.WaitReason;

namespace HostAgent.Coordinator.Services;

/// <summary>Machines that are on their way between two hosts, one of which does not answer: for their campaign they move, and yet nothing happens to them.</summary>
internal static class SilentHosts
{
    private const string Code = "SILENT_HOST";
    private const int MostExamples = 10;

    /// <summary>Tells of them in an explanation of a campaign, as one reason for each host.</summary>
    /// <param name="response">The explanation.</param>
    /// <param name="shown">What the returns show that are in flight.</param>
    public static void AddTo(ExplainCampaignResponse response, IEnumerable<ReturnView> shown)
    {
        var silent = shown.Where(view => view is { Read: not null, Decision: Wait { Why: Failover.WaitReason.SiteSilent } })
            .Select(view => (Host: view.State.HostOf(view.Read!.Home.Unreachable is null ? Side.Recovery : Side.Home), View: view)).GroupBy(one => one.Host, StringComparer.Ordinal).ToList();
        foreach (var host in silent)
        {
            var first = host.First().View;
            var asked = host.Select(one => ((Wait)one.View.Decision!).Until).Min();
            response.MovingCount -= Math.Min(response.MovingCount, host.Count());
            response.Reasons.Add(new WaitReason
            {
                Code = Code,
                Subject = host.Key,
                Explanation = $"{Explanations.Of(first.Decision!)} {first.Detail}{(asked is { } time ? string.Create(CultureInfo.InvariantCulture, $" If it stays so, a person is asked at {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.") : "")}",
                Act = $"failback host show {host.Key}",
                Count = host.Count(),
                Examples = { host.Select(one => one.View.State.MachineName).Order(StringComparer.Ordinal).Take(MostExamples) },
            });
        }

        if (silent.Count > 0)
        {
            List<WaitReason> ordered = [.. WaitReasons.InOrder(response.Reasons)];
            response.Reasons.Clear();
            response.Reasons.AddRange(ordered);
        }
    }
}
