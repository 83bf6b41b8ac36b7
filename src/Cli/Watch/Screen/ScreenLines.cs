using Spectre.Console.Rendering;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>The lines of the screen as one thing to draw.</summary>
internal sealed class ScreenLines(IReadOnlyList<ScreenLine> lines, Glyphs glyphs) : Renderable
{
    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in lines)
        {
            foreach (var segment in line.Fit(maxWidth, glyphs))
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }
}
