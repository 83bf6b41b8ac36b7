using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Estates as YAML (or JSON) text; the README of this project is the reference of every key.</summary>
public static class EstateDocument
{
    /// <summary>The value of <c>apiVersion</c>.</summary>
    public const string ApiVersion = "failback/v1";

    /// <summary>The value of <c>kind</c>.</summary>
    public const string Kind = "Estate";

    /// <summary>Reads an estate. A generator in the document is carried out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">How the text is called in messages, for example its file name.</param>
    /// <returns>The estate, or every error with its path, line, value and what is allowed.</returns>
    public static DocumentResult<Estate> Parse(string text, string source) => new EstateReader().Read(text, source);

    /// <summary>Writes an estate host by host, leaving out what is default; <see cref="Parse"/> reads back an equal one.</summary>
    public static string Write(Estate estate)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return EstateWriter.Write(estate);
    }
}
