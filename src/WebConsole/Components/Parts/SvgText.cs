using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace HostAgent.WebConsole.Components.Parts;

/// <summary>A text within a picture; in a page's own markup the element's name means something else.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Where it stands, from the left.</summary>
    [Parameter]
    [EditorRequired]
    public double X { get; set; }

    /// <summary>Where its base line is, from the top.</summary>
    [Parameter]
    [EditorRequired]
    public double Y { get; set; }

    /// <summary>Which end of it stands there: start, middle or end.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>Its class.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>The text.</summary>
    [Parameter]
    [EditorRequired]
    public string Of { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X.ToString("0.#", CultureInfo.InvariantCulture));
        builder.AddAttribute(2, "y", Y.ToString("0.#", CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddAttribute(4, "class", Class);
        builder.AddContent(5, Of);
        builder.CloseElement();
    }
}
