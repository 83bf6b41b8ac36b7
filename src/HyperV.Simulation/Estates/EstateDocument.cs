using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Estates as YAML (or JSON) text; this project's README documents every key.</summary>
public static class EstateDocument
{
    /// <summary>The value of <c>apiVersion</c>.</summary>
    public const string ApiVersion = "failback/v1";

    /// <summary>The value of <c>kind</c>.</summary>
    public const string Kind = "Estate";

    /// <summary>Reads an estate. A generator in the document is run.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The name of the text in messages, for example its file name.</param>
    /// <returns>The estate, or all errors with path, line, value and allowed values.</returns>
    public static DocumentResult<Estate> Parse(string text, string source) => new EstateReader().Read(text, source);

    /// <summary>Describes the document as JSON Schema (2020-12), for editors; the readers describe it themselves.</summary>
    /// <returns>One JSON object.</returns>
    public static string DescribeSchema() => new EstateReader().Describe();

    /// <summary>Writes an estate host by host, omitting defaults; <see cref="Parse"/> reads back an equal one.</summary>
    public static string Write(Estate estate)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return EstateWriter.Write(estate);
    }
}
