using Google.Protobuf.Collections;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>A plan on paper: waves, peaks, refusals, warnings, forecast, and the items when asked for.</summary>
internal static class PlanText
{
    /// <summary>Writes the plan.</summary>
    public static void Write(Shell shell, CampaignPlan plan, bool withItems)
    {
        shell.Output.WriteLine($"{plan.ItemCount} virtual machines on {plan.HostCount} hosts would be failed back in {plan.Waves.Count} waves.");
        WriteWaves(shell, plan.Waves);
        if (withItems)
        {
            WriteItems(shell, plan.Items);
            WriteRest(shell, plan.Items.Count, plan.ItemCount, "items");
        }

        WritePeaks(shell, plan.Peaks);
        WriteRest(shell, plan.Peaks.Count, plan.PeakCount, "limits");
        WriteRefused(shell, plan.Refused, withItems);
        WriteRest(shell, plan.Refused.Count, plan.RefusedCount, "refused machines");
        foreach (var warning in plan.Warnings)
        {
            shell.Output.WriteLine($"{(warning.NeedsAcceptance ? "warning" : "note")}: {warning.Message}");
        }

        WriteRest(shell, plan.Warnings.Count, plan.WarningCount, "warnings");
        if (plan.Forecast is { } forecast)
        {
            ForecastText.Write(shell, forecast);
        }
    }

    // The coordinator cuts what does not fit into one message; what is not shown is at least counted.
    private static void WriteRest(Shell shell, int shown, int all, string what)
    {
        if (all > shown)
        {
            shell.Output.WriteLine($"… and {all - shown} more {what}.");
        }
    }

    private static void WriteWaves(Shell shell, IEnumerable<PlannedWave> waves)
    {
        var table = ListTable.Create("WAVE", ">ITEMS", ">HOSTS", "GATE");
        foreach (var wave in waves)
        {
            table.Row(wave.Name, $"{wave.Items}", $"{wave.Hosts}", wave.Gate);
        }

        table.WriteBlock(shell);
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
                string.Join(' ', item.AfterItemIds) + (item.AfterCount > item.AfterItemIds.Count ? $" … {item.AfterCount} in all" : ""));
        }

        table.WriteBlock(shell);
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

        table.WriteBlock(shell);
    }

    /// <summary>Writes what a plan left out.</summary>
    public static void WriteRefused(Shell shell, RepeatedField<RefusedItem> refused, bool each)
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

        table.WriteBlock(shell);
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

        table.WriteBlock(shell);
    }
}
