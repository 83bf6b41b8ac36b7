using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using HostAgent.Texts;

namespace HostAgent.Coordinator.Reports;

/// <summary>The building blocks of a page. Every text is escaped here, invisible characters included, and HTML is written nowhere else.</summary>
internal sealed class HtmlPage(TextWriter output)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private string[] _classes = [];

    /// <summary>Begins the page. The content security policy blocks anything that an unescaped text could load.</summary>
    public Task BeginAsync(string title, string style) => output.WriteAsync(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{Safe(title)}</title>
        <style>
        {style}</style>
        </head>
        <body>

        """);

    /// <summary>The page's title with its state as a badge.</summary>
    public Task TitleAsync(string title, string state, string kind)
        => output.WriteLineAsync($"<h1>{Safe(title)} <span class=\"state\" data-state=\"{Safe(kind)}\">{Safe(state)}</span></h1>");

    public Task HeadingAsync(string text) => ElementAsync("h2", text);

    /// <summary>An element that contains only text.</summary>
    public Task ElementAsync(string tag, string text) => output.WriteLineAsync($"<{tag}>{Safe(text)}</{tag}>");

    /// <summary>A text of several lines, unchanged.</summary>
    public Task DocumentAsync(string text) => output.WriteLineAsync($"<pre>{Encoder.Encode(VisibleText.Lines(text))}</pre>");

    public Task CountsAsync(IEnumerable<(string Name, string Kind, int Number)> counts)
    {
        var html = new StringBuilder("<ul class=\"counts\">");
        foreach (var (name, kind, number) in counts)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li data-state=\"{Safe(kind)}\"><b>{number:N0}</b> {Safe(name)}</li>");
        }

        return output.WriteLineAsync(html.Append("</ul>").ToString());
    }

    /// <summary>Names with their values; empty values are left out.</summary>
    public Task FactsAsync(IEnumerable<(string Name, string Value)> facts)
    {
        var html = new StringBuilder("<dl>");
        foreach (var (name, value) in facts.Where(fact => fact.Value.Length > 0))
        {
            html.Append(CultureInfo.InvariantCulture, $"<dt>{Safe(name)}</dt><dd>{Safe(value)}</dd>");
        }

        return output.WriteLineAsync(html.Append("</dl>").ToString());
    }

    public Task SealAsync(bool intact, string text, string hash)
        => output.WriteLineAsync($"<p class=\"seal{(intact ? string.Empty : " broken")}\">{Safe(text)} <code>{Safe(hash)}</code></p>");

    /// <summary>Begins a table; a heading that starts with '#' is for numbers, one that starts with '~' for sentences.</summary>
    public Task BeginTableAsync(params IReadOnlyList<string> headings)
    {
        _classes = [.. headings.Select(heading => heading[0] switch { '#' => " class=\"number\"", '~' => " class=\"text\"", _ => string.Empty })];
        var html = new StringBuilder("<table><thead><tr>");
        for (var index = 0; index < headings.Count; index++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th{_classes[index]}>{Safe(headings[index].TrimStart('#', '~'))}</th>");
        }

        return output.WriteLineAsync(html.Append("</tr></thead><tbody>").ToString());
    }

    public Task RowAsync(string kind, params IReadOnlyList<string> cells)
    {
        var html = new StringBuilder(kind.Length == 0 ? "<tr>" : $"<tr class=\"{Safe(kind)}\">");
        for (var index = 0; index < cells.Count; index++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<td{_classes[index]}>{Safe(cells[index])}</td>");
        }

        return output.WriteLineAsync(html.Append("</tr>").ToString());
    }

    public Task EndTableAsync() => output.WriteLineAsync("</tbody></table>");

    /// <summary>A drawing of what <see cref="Bar"/>, <see cref="Label"/> and <see cref="Line"/> have made.</summary>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    /// <param name="width">Its width, in units of its own.</param>
    /// <param name="height">Its height.</param>
    /// <param name="parts">What it is made of.</param>
    public Task PictureAsync(string title, int width, int height, string parts)
        => output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"<svg class=\"gantt\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Safe(title)}\"><title>{Safe(title)}</title>{parts}</svg>"));

    /// <summary>A bar of a drawing, with what a pointer on it tells.</summary>
    public static string Bar(double x, double y, double width, double height, string kind, string tip)
        => string.Create(CultureInfo.InvariantCulture, $"<rect class=\"{Safe(kind)}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"><title>{Safe(tip)}</title></rect>");

    /// <summary>A text of a drawing.</summary>
    public static string Label(double x, double y, string kind, string text)
        => string.Create(CultureInfo.InvariantCulture, $"<text class=\"{Safe(kind)}\" x=\"{x:0.##}\" y=\"{y:0.##}\">{Safe(text)}</text>");

    /// <summary>A line of a drawing from top to bottom.</summary>
    public static string Line(double x, double top, double bottom, string kind, string tip)
        => string.Create(CultureInfo.InvariantCulture, $"<line class=\"{Safe(kind)}\" x1=\"{x:0.##}\" x2=\"{x:0.##}\" y1=\"{top:0.##}\" y2=\"{bottom:0.##}\">{(tip.Length > 0 ? $"<title>{Safe(tip)}</title>" : "")}</line>");

    public Task EndAsync() => output.WriteLineAsync("</body>\n</html>");

    private static string Safe(string text) => Encoder.Encode(VisibleText.Line(text));
}
