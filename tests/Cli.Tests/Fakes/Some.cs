using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>Campaigns and items for tests.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    public static Campaign Campaign(CampaignState state = CampaignState.Running, params Wave[] waves)
    {
        var campaign = new Campaign
        {
            Name = "campaigns/return-to-east",
            State = state,
            Version = 7,
            StartTime = Timestamp.FromDateTimeOffset(Start),
            Counts = Sum(waves),
            CreatedBy = "CN=alice",
        };
        campaign.Waves.AddRange(waves);
        return campaign;
    }

    public static Wave Wave(string name, WaveState state, int total, int succeeded = 0, int running = 0, int failed = 0, int percent = 0, string waitingFor = "")
        => new()
        {
            Name = name,
            State = state,
            PercentComplete = percent,
            WaitingFor = waitingFor,
            Counts = new ItemCounts { Total = total, Succeeded = succeeded, Running = running, Failed = failed, Pending = total - succeeded - running - failed },
        };

    public static Item Item(string machine, string host, ItemState state, string wave = "rest", int? percent = null, string explanation = "")
    {
        var item = new Item
        {
            Name = $"campaigns/return-to-east/items/{host}-{machine}",
            Wave = wave,
            Host = host,
            VirtualMachineName = machine,
            VirtualMachineId = Guid.Empty.ToString(),
            State = state,
            Explanation = explanation,
            Attempt = state == ItemState.Pending ? 0 : 1,
        };
        if (percent is { } value)
        {
            item.PercentComplete = value;
        }

        return item;
    }

    public static CampaignUpdate Update(Campaign? campaign, bool snapshot = false, params Item[] items)
    {
        var update = new CampaignUpdate { Campaign = campaign, Snapshot = snapshot };
        update.Items.AddRange(items);
        return update;
    }

    private static ItemCounts Sum(IEnumerable<Wave> waves)
    {
        var sum = new ItemCounts();
        foreach (var counts in waves.Select(wave => wave.Counts))
        {
            sum.Total += counts.Total;
            sum.Pending += counts.Pending;
            sum.Running += counts.Running;
            sum.Succeeded += counts.Succeeded;
            sum.Failed += counts.Failed;
        }

        return sum;
    }
}
