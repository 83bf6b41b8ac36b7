using HostAgent.Documents;
using Google.Protobuf.Collections;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>A plan on paper: waves, peaks, refusals, warnings, forecast, and the items when asked for.</summary>
internal static class PlanText
{
    public static void Write(CommandEnvironment environment, CampaignPlan plan, bool withItems)
    {
        environment.Output.WriteLine($"{Counted(plan.ItemCount, "virtual machine")} on {Counted(plan.HostCount, "host")}, in {Counted(plan.Waves.Count, "wave")}.");
        WriteWaves(environment, plan.Waves);
        if (withItems)
        {
            WriteItems(environment, plan.Items);
            WriteRest(environment, plan.Items.Count, plan.ItemCount, "items");
        }

        foreach (var rule in plan.Networks)
        {
            environment.Output.WriteLine(rule);
        }

        WritePeaks(environment, plan.Peaks);
        WriteRest(environment, plan.Peaks.Count, plan.PeakCount, "limits");
        WriteRefused(environment, plan.Refused, withItems);
        WriteRest(environment, plan.Refused.Count, plan.RefusedCount, "refused machines");
        foreach (var warning in plan.Warnings)
        {
            environment.Output.WriteLine($"{(warning.NeedsAcceptance ? "warning" : "note")}: {warning.Message}");
        }

        WriteRest(environment, plan.Warnings.Count, plan.WarningCount, "warnings");
        if (plan.Forecast is { } forecast)
        {
            ForecastText.Write(environment, forecast);
        }
    }

    // The coordinator cuts what does not fit into one message; the rest is counted.
    private static void WriteRest(CommandEnvironment environment, int shown, int all, string what)
    {
        if (all > shown)
        {
            environment.Output.WriteLine($"… and {all - shown} more {what}.");
        }
    }

    private static string Counted(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static void WriteWaves(CommandEnvironment environment, IEnumerable<PlannedWave> waves)
    {
        var table = ListTable.Create("WAVE", ">ITEMS", ">HOSTS", "GATE");
        foreach (var wave in waves)
        {
            table.Row(wave.Name, $"{wave.Items}", $"{wave.Hosts}", wave.Gate);
        }

        table.WriteBlock(environment);
    }

    private static void WriteItems(CommandEnvironment environment, IReadOnlyCollection<PlannedItem> items)
    {
        var overTwoHosts = items.Any(item => item.OtherHost.Length > 0);
        var table = ListTable.Create(["ITEM", "WAVE", "HOST", .. overTwoHosts ? ["TO"] : (string[])[], "MACHINE", ">DISKS", "AFTER"]);
        foreach (var item in items)
        {
            table.Row([
                item.ItemId,
                item.Wave,
                item.Host,
                .. overTwoHosts ? [item.OtherHost] : (string[])[],
                item.VirtualMachineName,
                item.DiskBytes > 0 ? SizeText.Write(item.DiskBytes) : "",
                string.Join(' ', item.AfterItemIds) + (item.AfterCount > item.AfterItemIds.Count ? $" … {item.AfterCount} in all" : "")]);
        }

        table.WriteBlock(environment);
    }

    private static void WritePeaks(CommandEnvironment environment, RepeatedField<LimitPeak> peaks)
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

        table.WriteBlock(environment);
    }

    /// <summary>Writes what a plan left out.</summary>
    public static void WriteRefused(CommandEnvironment environment, RepeatedField<RefusedItem> refused, bool each)
    {
        if (refused.Count == 0)
        {
            return;
        }

        if (!each)
        {
            WriteReasons(environment, refused);
            return;
        }

        var table = ListTable.Create("NOT FAILED BACK", "HOST", "WHY");
        foreach (var item in refused)
        {
            table.Row(item.VirtualMachineName, item.Host, item.Reason);
        }

        table.WriteBlock(environment);
    }

    // Thousands of machines can be refused for one reason: print one line.
    private static void WriteReasons(CommandEnvironment environment, RepeatedField<RefusedItem> refused)
    {
        var table = ListTable.Create(">NOT FAILED BACK", "SUCH AS", "WHY");
        foreach (var reason in refused.GroupBy(item => item.Reason).OrderByDescending(reason => reason.Count()))
        {
            var first = reason.First();
            table.Row($"{reason.Count()}", $"{first.VirtualMachineName} on {first.Host}", reason.Key);
        }

        table.WriteBlock(environment);
    }
}
