using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>One line for each of the first reasons why items do not move, and below it the command that frees them.</summary>
internal static class WaitLines
{
    private const int Most = 3;
    private const int MostAnswers = 3;

    /// <summary>The lines, and an empty line; none when nothing waits.</summary>
    public static List<ScreenLine> Draw(ExplainCampaignResponse? waits, string campaign, Glyphs glyphs)
    {
        List<ScreenLine> lines = [];
        foreach (var reason in waits?.Reasons.Take(Most) ?? [])
        {
            var acts = WaitText.Acts(reason).ToList();
            lines.Add(new ScreenLine()
                .Add($"{(acts.Count > 0 ? glyphs.Attention : glyphs.Waiting)} {WaitText.Title(reason)}", acts.Count > 0 ? Styles.Attention : Styles.Faint)
                .Add($"  {reason.Explanation}", Styles.Faint));
            foreach (var act in acts.Take(MostAnswers))
            {
                lines.Add(new ScreenLine().Add($"    {act}", Styles.Strong));
            }
        }

        if (waits?.Reasons.Count > Most)
        {
            lines.Add(new ScreenLine().Add($"{glyphs.Ellipsis} and {waits.Reasons.Count - Most} more: failback campaign explain {campaign}", Styles.Faint));
        }

        if (lines.Count > 0)
        {
            lines.Add(ScreenLine.Empty);
        }

        return lines;
    }
}
