using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>
/// Estates that many simulated hosts of one process are opened from: a document is parsed by the first of them, and the others get the same estate while its text
/// stays the same. Thread-safe.
/// </summary>
public sealed class ParsedEstates
{
    private readonly Lock _gate = new();
    private (string Text, string Source, DocumentResult<Estate> Result)? _last;

    /// <summary>What <see cref="EstateDocument.Parse"/> returns.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The name of the text in messages, for example its file name.</param>
    /// <returns>The estate, or all errors with path, line, value and allowed values.</returns>
    public DocumentResult<Estate> Parse(string text, string source)
    {
        // Whoever comes while the first one parses needs the result too.
        lock (_gate)
        {
            if (_last is not { } last || last.Text != text || last.Source != source)
            {
                _last = last = (text, source, EstateDocument.Parse(text, source));
            }

            return last.Result;
        }
    }
}
