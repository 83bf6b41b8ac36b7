using System.Globalization;
using Spectre.Console;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>One line for each host: its bar, its counts, and what runs on it with its percentage.</summary>
internal static class HostLines
{
    /// <summary>As many lines as there is room for; the busiest hosts when there are more, by name, and how many are not shown.</summary>
    public static IReadOnlyList<ScreenLine> Draw(IReadOnlyCollection<HostView> hosts, int room, int width, ScreenLayout layout, Glyphs glyphs)
    {
        // The empty line below the hosts is part of the room.
        var lines = room - 1;
        if (lines < 1 || hosts.Count == 0)
        {
            return [];
        }

        if (hosts.Count <= lines)
        {
            return [.. hosts.Select(host => Line(host, width, layout, glyphs)), ScreenLine.Empty];
        }

        var shown = Busiest(hosts, lines - 1);
        var chosen = shown.Select(host => host.Name).ToHashSet(StringComparer.Ordinal);
        var hidden = hosts.Where(host => !chosen.Contains(host.Name)).ToList();
        return [.. shown.Select(host => Line(host, width, layout, glyphs)), Hidden(hidden, glyphs), ScreenLine.Empty];
    }

    // Running and failed hosts first; then by name, so that lines keep their places.
    private static List<HostView> Busiest(IEnumerable<HostView> hosts, int count)
        => [.. hosts
            .OrderByDescending(host => host.Active.Count)
            .ThenByDescending(host => host.Unsuccessful)
            .ThenByDescending(host => host.Waiting)
            .ThenBy(host => host.Name, StringComparer.OrdinalIgnoreCase)
            .Take(count)
            .OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase)];

    private static ScreenLine Line(HostView host, int width, ScreenLayout layout, Glyphs glyphs)
    {
        var idle = host.Active.Count == 0;
        var line = new ScreenLine().Add("  ").Add(Names.Fit(host.Name, layout.NameWidth, glyphs), idle ? Styles.Faint : Style.Plain);
        if (layout.BarWidth > 0)
        {
            line.Add("  ").Add(BarOf(host), layout.BarWidth, glyphs);
        }

        if (layout.ShowCounts)
        {
            line.Add("  ")
                .Add($"{glyphs.Succeeded}{host.Succeeded}".PadRight(4), host.Succeeded > 0 ? Styles.Succeeded : Styles.Faint)
                .Add(" ")
                .Add($"{glyphs.Failed}{host.Unsuccessful}".PadRight(4), host.Unsuccessful > 0 ? Styles.Failed : Styles.Faint)
                .Add(" ")
                .Add($"{glyphs.Waiting}{host.Waiting}".PadRight(4), Styles.Faint);
        }
        else
        {
            line.Add($" {host.Succeeded + host.Unsuccessful + host.Skipped}/{host.Total}");
        }

        return AddActive(line, host, width, glyphs);
    }

    private static ScreenLine AddActive(ScreenLine line, HostView host, int width, Glyphs glyphs)
    {
        var left = host.Active.Count;
        foreach (var item in host.Active)
        {
            var percent = item.HasPercentComplete ? string.Create(CultureInfo.InvariantCulture, $"{item.PercentComplete,4}%") : glyphs.Ellipsis.PadLeft(5);
            var room = width - line.Length - 2;
            var more = $"  +{left} more";
            if (room < item.VirtualMachineName.Length + percent.Length + 1 + (left > 1 ? more.Length : 0) && left < host.Active.Count)
            {
                return line.Add(more, Styles.Faint);
            }

            line.Add("  ").Add(item.VirtualMachineName, Styles.Running).Add(percent);
            left--;
        }

        return line;
    }

    private static ScreenLine Hidden(List<HostView> hidden, Glyphs glyphs)
        => new ScreenLine().Add(
            $"  {glyphs.Ellipsis} and {hidden.Count} more hosts: {hidden.Sum(host => host.Active.Count)} running, {hidden.Sum(host => host.Waiting)} waiting",
            Styles.Faint);

    private static Bar BarOf(HostView host)
    {
        if (host.Total == 0)
        {
            return new Bar(0, 0, 0);
        }

        double total = host.Total;
        var active = host.Active.Sum(item => item.HasPercentComplete ? item.PercentComplete : 0) / 100.0;
        return new Bar(host.Succeeded / total, (host.Unsuccessful + host.Skipped) / total, active / total);
    }
}
