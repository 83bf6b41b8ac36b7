using Google.Protobuf.Collections;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>A plan on paper: waves, peaks, refusals, warnings, forecast, and the items when asked for.</summary>
internal static class PlanText
{
    /// <summary>Writes the plan.</summary>
    public static void Write(Shell shell, CampaignPlan plan, bool withItems)
    {
        var hosts = plan.Items.Select(item => item.Host).Distinct(StringComparer.Ordinal).Count();
        shell.Output.WriteLine($"{plan.Items.Count} virtual machines on {hosts} hosts would be failed back in {plan.Waves.Count} waves.");
        WriteWaves(shell, plan.Waves);
        if (withItems)
        {
            WriteItems(shell, plan.Items);
        }

        WritePeaks(shell, plan.Peaks);
        WriteRefused(shell, plan.Refused, withItems);
        foreach (var warning in plan.Warnings)
        {
            shell.Output.WriteLine($"warning: {warning}");
        }

        if (plan.Forecast is { } forecast)
        {
            shell.Output.WriteLine(
                $"It takes about {Quantity.Clock(forecast.DurationP50.ToTimeSpan())}, at most {Quantity.Clock(forecast.DurationP90.ToTimeSpan())} in nine of ten runs ({forecast.Basis}). What limits it: {forecast.Bottleneck}.");
        }
    }

    private static void WriteWaves(Shell shell, IEnumerable<PlannedWave> waves)
    {
        var table = ListTable.Create("WAVE", ">ITEMS", ">HOSTS", "GATE");
        foreach (var wave in waves)
        {
            table.Row(wave.Name, $"{wave.Items}", $"{wave.Hosts}", wave.Gate);
        }

        WriteBlock(shell, table);
    }

    private static void WriteItems(Shell shell, IEnumerable<PlannedItem> items)
    {
        var table = ListTable.Create("ITEM", "WAVE", "HOST", "MACHINE", ">DISKS", "AFTER");
        foreach (var item in items)
        {
            table.Row(
                item.ItemId,
                item.Wave,
                item.Host,
                item.VirtualMachineName,
                item.DiskBytes > 0 ? Quantity.Size(item.DiskBytes) : "",
                string.Join(' ', item.AfterItemIds));
        }

        WriteBlock(shell, table);
    }

    private static void WritePeaks(Shell shell, RepeatedField<LimitPeak> peaks)
    {
        if (peaks.Count == 0)
        {
            return;
        }

        var table = ListTable.Create("LIMIT", "OF", ">ALLOWED", ">PEAK");
        foreach (var peak in peaks)
        {
            table.Row(peak.Limit, peak.Key, $"{peak.Allowed}", $"{peak.Peak}");
        }

        WriteBlock(shell, table);
    }

    private static void WriteRefused(Shell shell, RepeatedField<RefusedItem> refused, bool each)
    {
        if (refused.Count == 0)
        {
            return;
        }

        if (!each)
        {
            WriteReasons(shell, refused);
            return;
        }

        var table = ListTable.Create("NOT FAILED BACK", "HOST", "WHY");
        foreach (var item in refused)
        {
            table.Row(item.VirtualMachineName, item.Host, item.Reason);
        }

        WriteBlock(shell, table);
    }

    // A whole estate may be refused for one reason: that is one line, not thousands.
    private static void WriteReasons(Shell shell, RepeatedField<RefusedItem> refused)
    {
        var table = ListTable.Create(">NOT FAILED BACK", "SUCH AS", "WHY");
        foreach (var reason in refused.GroupBy(item => item.Reason).OrderByDescending(reason => reason.Count()))
        {
            var first = reason.First();
            table.Row($"{reason.Count()}", $"{first.VirtualMachineName} on {first.Host}", reason.Key);
        }

        WriteBlock(shell, table);
    }

    private static void WriteBlock(Shell shell, Spectre.Console.Table table)
    {
        shell.Output.WriteLine();
        shell.Console.Write(table);
    }
}
