using System.Globalization;
using System.Text;
using static HostAgent.Coordinator.Reports.ReportText;

namespace HostAgent.Coordinator.Reports;

/// <summary>
/// When what was under way, as a picture: a lane for each machine, in its wave; of more machines than a page shows a lane for each wave, as high as the number
/// that was under way. The table of machines has the same in words.
/// </summary>
internal static class HtmlGantt
{
    private const int MostLanes = 150;
    private const int Width = 1000;
    private const int Left = 190;
    private const int Lane = 14;
    private const int DensityHeight = 46;
    private const int Head = 26;
    private const int Columns = 160;
    private const int Ticks = 6;
    private const int LongestLabel = 26;

    /// <summary>Draws the picture; nothing for a campaign of which nothing was ever under way.</summary>
    public static async Task WriteAsync(CampaignReport report, HtmlPage page)
    {
        var spans = report.Items.SelectMany(item => item.Spans).ToList();
        if (spans.Count == 0)
        {
            return;
        }

        var axis = new Axis(spans.Min(span => span.StartTime), spans.Max(span => span.EndTime ?? report.ReportTime), report.ReportTime);
        var picture = new StringBuilder();
        var y = Head;
        foreach (var wave in report.Waves)
        {
            List<ReportedItem> items = [.. report.Items.Where(item => item.Wave == wave.Name && item.Spans.Count > 0).OrderBy(item => item.Spans[0].StartTime)];
            if (items.Count > 0)
            {
                y = report.Items.Count > MostLanes ? Density(picture, axis, wave.Name, items, y) : Lanes(picture, axis, wave.Name, items, y);
            }
        }

        Marks(picture, axis, report, y);
        await page.HeadingAsync("When");
        await page.ElementAsync("p", "Times are UTC. Green: a synchronisation, a failback call or a test; blue: a switch-over, within which the service was down; red: an attempt that did not succeed; dashed: an approval.");
        await page.PictureAsync(Text($"What was under way, from {axis.From:yyyy-MM-dd HH:mm} to {axis.To:yyyy-MM-dd HH:mm} UTC"), Width, y + 4, picture.ToString());
    }

    private static int Lanes(StringBuilder picture, Axis axis, string wave, List<ReportedItem> items, int y)
    {
        picture.Append(HtmlPage.Label(4, y + 11, "wave", wave));
        y += Lane + 2;
        foreach (var item in items)
        {
            picture.Append(HtmlPage.Label(14, y + 10, "lane", item.VirtualMachineName.Length > LongestLabel ? item.VirtualMachineName[..LongestLabel] + "…" : item.VirtualMachineName));
            foreach (var span in item.Spans)
            {
                var (from, to) = (axis.At(span.StartTime), axis.At(span.EndTime ?? axis.Now));
                picture.Append(HtmlPage.Bar(
                    from, y + 1, Math.Max(1.5, to - from), Lane - 4, Kind(span),
                    Text($"{item.VirtualMachineName}: {StatusNames(span.Step)} on {span.Host}, {span.StartTime.UtcDateTime:HH:mm:ss} to {(span.EndTime is { } end ? end.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : "now")}{(span.Result.Length > 0 ? ", " + StatusNames(span.Result) : "")}")));
            }

            y += Lane;
        }

        return y + 4;
    }

    private static int Density(StringBuilder picture, Axis axis, string wave, List<ReportedItem> items, int y)
    {
        var counts = new int[Columns];
        foreach (var span in items.SelectMany(item => item.Spans))
        {
            var (from, to) = (axis.Column(span.StartTime), axis.Column(span.EndTime ?? axis.Now));
            for (var column = from; column <= to; column++)
            {
                counts[column]++;
            }
        }

        var most = counts.Max();
        picture.Append(HtmlPage.Label(4, y + 14, "wave", wave)).Append(HtmlPage.Label(4, y + 28, "lane", Text($"{items.Count:N0} machines, at most {most:N0} at once")));
        const double width = (double)(Width - Left) / Columns;
        for (var column = 0; column < Columns; column++)
        {
            if (counts[column] > 0)
            {
                var height = Math.Max(1, (double)DensityHeight * counts[column] / most);
                picture.Append(HtmlPage.Bar(Left + (column * width), y + DensityHeight - height, width, height, "run", Text($"{wave}: {counts[column]:N0} under way")));
            }
        }

        return y + DensityHeight + 8;
    }

    private static void Marks(StringBuilder picture, Axis axis, CampaignReport report, int bottom)
    {
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var time = axis.From + ((axis.To - axis.From) * tick / Ticks);
            picture.Append(HtmlPage.Line(axis.At(time), Head - 6, bottom, "tick", string.Empty))
                .Append(HtmlPage.Label(axis.At(time), 14, tick == Ticks ? "tick last" : "tick", axis.To - axis.From > TimeSpan.FromDays(1) ? Text($"{time.UtcDateTime:dd HH:mm}") : Text($"{time.UtcDateTime:HH:mm:ss}")));
        }

        foreach (var approval in report.Acts.Where(act => act.Act is "wave-approved" or "wave-outages-approved" && act.Time >= axis.From && act.Time <= axis.To))
        {
            picture.Append(HtmlPage.Line(axis.At(approval.Time), Head - 6, bottom, "gate", Text($"{approval.Target}: approved by {approval.Actor}, {approval.Time.UtcDateTime:HH:mm:ss}")));
        }
    }

    private static string Kind(ReportedSpan span) => span.Result is "FAILED" or "UNKNOWN_OUTCOME" or "CANCELLED" or "QUEUED" ? "bad" : span.Step == "SWITCH_OVER" ? "down" : "run";

    private sealed record Axis(DateTimeOffset From, DateTimeOffset Last, DateTimeOffset Now)
    {
        // A campaign of a moment is a second long.
        public DateTimeOffset To { get; } = Last - From < TimeSpan.FromSeconds(1) ? From + TimeSpan.FromSeconds(1) : Last;

        public double At(DateTimeOffset time) => Left + ((Width - Left) * Part(time));

        public int Column(DateTimeOffset time) => Math.Min(Columns - 1, (int)(Columns * Part(time)));

        private double Part(DateTimeOffset time) => Math.Clamp((time - From) / (To - From), 0, 1);
    }
}
