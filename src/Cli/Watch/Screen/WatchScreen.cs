using HostAgent.Contracts.Campaigns.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>Draws a watched campaign for a terminal of a given size: state, waves, the busiest hosts, what needs attention, counts.</summary>
internal sealed class WatchScreen(CampaignView view, TimeProvider time)
{
    private const int MostWaves = 8;
    private const int MostAttention = 4;

    /// <summary>The screen now. It never has more than <paramref name="height"/> - 1 lines.</summary>
    public IRenderable Draw(int width, int height, bool unicode)
    {
        var glyphs = Glyphs.For(unicode);
        if (view.Campaign is not { } campaign)
        {
            return new ScreenLines([new ScreenLine().Add("Waiting for the coordinator", Styles.Faint).Add(glyphs.Ellipsis)], glyphs);
        }

        var layout = ScreenLayout.For(width, height, LongestName(campaign));
        var top = Header(campaign, glyphs, width);
        top.AddRange(WaveLines.Draw(campaign.Waves, MostWaves, layout, glyphs));
        List<ScreenLine> bottom = [.. campaign.State.IsTerminal() ? [] : WaitLines.Draw(view.Waits, ResourceName.Id(campaign.Name), glyphs), .. AttentionLines(glyphs)];
        bottom.Add(Footer(campaign.Counts ?? new ItemCounts(), glyphs));

        var room = layout.Bottom - top.Count - bottom.Count;
        List<ScreenLine> lines = [.. top, .. HostLines.Draw(view.Hosts, room, width, layout, glyphs), .. bottom];
        return new ScreenLines(lines.Count <= layout.Bottom ? lines : lines[..layout.Bottom], glyphs);
    }

    private List<ScreenLine> Header(Campaign campaign, Glyphs glyphs, int width)
    {
        var first = new ScreenLine()
            .Add(ResourceName.Id(campaign.Name), Styles.Strong)
            .Add("  ")
            .Add(EnumWord.Of(campaign.State), StyleOf(campaign.State));
        if (campaign.StartTime is not null)
        {
            first.Add($"  {Quantity.Between(campaign.StartTime, campaign.EndTime, time.GetUtcNow())}", Styles.Strong).Add(" elapsed", Styles.Faint);
        }

        if (view.Left is { } left)
        {
            first.Add($"  {glyphs.Separator} {Quantity.Clock(left.P50)} to {Quantity.Clock(left.P90)} left", Styles.Faint);
        }

        List<ScreenLine> lines = [first];
        if (view.Disconnected is { } reason)
        {
            lines.Add(new ScreenLine().Add(reason, Styles.Attention));
        }

        if (campaign.Explanation.Length > 0)
        {
            var style = campaign.State is CampaignState.Paused or CampaignState.Blocked or CampaignState.Stopping ? Styles.Attention : Styles.Faint;
            lines.AddRange(Wrapped(campaign.Explanation, width, style));
        }

        if (view.Remark is { } remark && !campaign.State.IsTerminal())
        {
            lines.AddRange(Wrapped(remark, width, Styles.Strong));
        }

        lines.Add(ScreenLine.Empty);
        return lines;
    }

    // Why a campaign is not moving matters more than space: the explanation may take three lines.
    private static IEnumerable<ScreenLine> Wrapped(string text, int width, Style style)
    {
        var rest = text;
        for (var line = 1; rest.Length > width && line < 3; line++)
        {
            var end = rest.LastIndexOf(' ', width);
            end = end <= 0 ? width : end;
            yield return new ScreenLine().Add(rest[..end], style);
            rest = rest[end..].TrimStart();
        }

        yield return new ScreenLine().Add(rest, style);
    }

    private List<ScreenLine> AttentionLines(Glyphs glyphs)
    {
        List<ScreenLine> lines = [];
        var items = view.Attention.Take(MostAttention + 1).ToList();
        foreach (var item in items.Take(MostAttention))
        {
            var style = item.State is ItemState.SucceededWithWarnings or ItemState.Held ? Styles.Attention : Styles.Failed;
            lines.Add(new ScreenLine()
                .Add($"{(item.State == ItemState.Failed ? glyphs.Failed : glyphs.Attention)} {item.VirtualMachineName}", style)
                .Add($" on {item.Host} ", Styles.Faint)
                .Add(EnumWord.Of(item.State), style)
                .Add($" {CampaignText.Explanation(item)}"));
        }

        if (items.Count > MostAttention)
        {
            lines.Add(new ScreenLine().Add($"{glyphs.Ellipsis} and more: failback campaign show {ResourceName.Id(view.Campaign!.Name)} --items", Styles.Faint));
        }

        if (lines.Count > 0)
        {
            lines.Add(ScreenLine.Empty);
        }

        return lines;
    }

    private static ScreenLine Footer(ItemCounts counts, Glyphs glyphs)
    {
        var line = new ScreenLine()
            .Add($"{glyphs.Succeeded} {counts.AllSucceeded()} succeeded", Styles.Succeeded)
            .Add($"   {glyphs.Running} {counts.Active()} running", Styles.Running)
            .Add($"   {glyphs.Waiting} {counts.Waiting()} waiting", Styles.Faint)
            .Add($"   {glyphs.Failed} {counts.Failed} failed", counts.Failed > 0 ? Styles.Failed : Styles.Faint);
        AddUnlessZero(line, counts.Synced, "in step", Styles.Running, glyphs);
        AddUnlessZero(line, counts.Held, "held for a person", Styles.Attention, glyphs);
        AddUnlessZero(line, counts.UnknownOutcome, "of unknown outcome", Styles.Failed, glyphs);
        AddUnlessZero(line, counts.Cancelled, "cancelled", Styles.Failed, glyphs);
        AddUnlessZero(line, counts.Skipped, "skipped", Styles.Attention, glyphs);
        AddUnlessZero(line, counts.SucceededWithWarnings, "with warnings", Styles.Attention, glyphs);
        return line;
    }

    private static void AddUnlessZero(ScreenLine line, int count, string word, Style style, Glyphs glyphs)
    {
        if (count > 0)
        {
            line.Add($"   {glyphs.Attention} {count} {word}", style);
        }
    }

    private int LongestName(Campaign campaign)
        => campaign.Waves.Select(wave => wave.Name.Length).Concat(view.Hosts.Select(host => host.Name.Length)).DefaultIfEmpty(0).Max();

    private static Style StyleOf(CampaignState state) => state switch
    {
        CampaignState.Completed => Styles.Succeeded,
        CampaignState.CompletedWithFailures => Styles.Failed,
        CampaignState.Paused or CampaignState.Blocked or CampaignState.Stopping or CampaignState.Stopped => Styles.Attention,
        CampaignState.Running => Styles.Running,
        _ => Styles.Faint,
    };
}
