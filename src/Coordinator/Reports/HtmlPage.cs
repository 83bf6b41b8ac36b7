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

    public Task EndAsync() => output.WriteLineAsync("</body>\n</html>");

    private static string Safe(string text) => Encoder.Encode(VisibleText.Line(text));
}
