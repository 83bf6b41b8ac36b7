using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Wire;

/// <summary>Converts a campaign to its message.</summary>
internal static class CampaignMapper
{
    /// <summary>The message of a campaign.</summary>
    /// <param name="campaign">The data known from creation on.</param>
    /// <param name="header">The durable state.</param>
    /// <param name="percentOf">The progress of the wave at an index.</param>
    /// <param name="withDocument">Whether to include the document, which may be large.</param>
    public static Campaign ToMessage(NewCampaign campaign, HeaderView header, Func<int, int> percentOf, bool withDocument)
    {
        var message = new Campaign
        {
            Name = ResourceNames.Campaign(campaign.Id),
            Uid = campaign.Uid.ToString("D"),
            State = header.State,
            PauseCause = header.PauseCause,
            Explanation = header.Explanation,
            Version = header.Version,
            Revision = header.Revision,
            Counts = new ItemCounts(),
            Document = withDocument ? campaign.Document : string.Empty,
            CreatedBy = campaign.CreatedBy,
            CreateTime = campaign.CreateTime.ToTimestamp(),
            StartTime = header.StartTime?.ToTimestamp(),
            EndTime = header.EndTime?.ToTimestamp(),
            StartForecast = header.Forecast is { } forecast ? ForecastMapper.ToMessage(forecast) : null,
        };
        message.WarningCount = header.Notes.WarningCount;
        message.RefusedCount = header.Notes.RefusedCount;
        message.WarningsAcceptedBy = header.Notes.AcceptedBy ?? string.Empty;
        if (withDocument)
        {
            message.Warnings.AddRange(header.Notes.Warnings.Select(PlanMapper.Warning));
            message.Refused.AddRange(header.Notes.Refused.Select(PlanMapper.Refused));
        }

        foreach (var (key, value) in header.Labels)
        {
            message.Labels.Add(key, value);
        }

        for (var index = 0; index < header.Waves.Count; index++)
        {
            message.Waves.Add(ToMessage(header.Waves[index], percentOf(index)));
            Add(message.Counts, header.Waves[index].Counts);
        }

        return message;
    }

    /// <summary>The progress of a wave without live percentages: its terminal items count as 100, all others as 0.</summary>
    public static int DurablePercent(ItemCounts counts) => counts.Total == 0 ? 100 : (int)(100L * Terminal(counts) / counts.Total);

    private static Wave ToMessage(WaveView wave, int percent)
    {
        var message = new Wave
        {
            Name = wave.Name,
            State = wave.State,
            Counts = wave.Counts,
            WaitingFor = wave.WaitingFor,
            OutagesApprovedBy = wave.OutagesApprovedBy,
            WayBackApprovedBy = wave.WayBackApprovedBy,
            PercentComplete = percent,
            StartTime = wave.StartTime?.ToTimestamp(),
            EndTime = wave.EndTime?.ToTimestamp(),
        };
        message.Approvers.AddRange(wave.Approvers);
        return message;
    }

    private static int Terminal(ItemCounts counts)
        => counts.Succeeded + counts.SucceededWithWarnings + counts.Failed + counts.Cancelled + counts.Skipped + counts.UnknownOutcome;

    private static void Add(ItemCounts sum, ItemCounts counts)
    {
        sum.Total += counts.Total;
        sum.Pending += counts.Pending;
        sum.Queued += counts.Queued;
        sum.Starting += counts.Starting;
        sum.Running += counts.Running;
        sum.Succeeded += counts.Succeeded;
        sum.SucceededWithWarnings += counts.SucceededWithWarnings;
        sum.Failed += counts.Failed;
        sum.Cancelled += counts.Cancelled;
        sum.Skipped += counts.Skipped;
        sum.UnknownOutcome += counts.UnknownOutcome;
        sum.Synced += counts.Synced;
        sum.Held += counts.Held;
    }
}
