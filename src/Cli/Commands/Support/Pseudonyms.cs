using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HostAgent.Cli.Commands.Support;

/// <summary>
/// Replaces names in JSON by numbered ones, the same name by the same one everywhere, also within sentences. GUIDs stay: they say nothing of anybody
/// and hold the parts together. Addresses and serial numbers of certificates are replaced by their form.
/// </summary>
internal sealed partial class Pseudonyms
{
    // A shorter name is part of many a word; it is replaced where it is the whole text.
    private const int ShortestWithin = 3;

    private readonly Dictionary<string, string> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private SearchValues<string>? _search;
    private int[] _lengths = [];

    /// <summary>The names and their replacements: the key to the bundle.</summary>
    public IReadOnlyDictionary<string, string> Names => _byName;

    /// <summary>Takes a name of a kind; empty ones are passed over.</summary>
    public void Learn(string kind, string name)
    {
        if (name.Length > 0 && !Guid.TryParse(name, out _) && !_byName.ContainsKey(name))
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            _byName[name] = string.Create(CultureInfo.InvariantCulture, $"{kind}-{_counts[kind]}");
            _search = null;
        }
    }

    /// <summary>JSON of the same shape without the names.</summary>
    public string Replace(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Replace(writer, document.RootElement);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void Replace(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    writer.WritePropertyName(ReplaceText(property.Name));
                    Replace(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var member in element.EnumerateArray())
                {
                    Replace(writer, member);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(ReplaceText(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private string ReplaceText(string text)
    {
        if (_byName.TryGetValue(text, out var whole))
        {
            return whole;
        }

        return Serial().Replace(Address().Replace(ReplaceWithin(text), "(address)"), "serial=(serial)");
    }

    private string ReplaceWithin(string text)
    {
        if (_search is null)
        {
            var names = _byName.Keys.Where(name => name.Length >= ShortestWithin).ToArray();
            _lengths = [.. names.Select(name => name.Length).Distinct().OrderDescending()];
            _search = SearchValues.Create(names, StringComparison.OrdinalIgnoreCase);
        }

        StringBuilder? replaced = null;
        var done = 0;
        for (var from = 0; text.AsSpan(from).IndexOfAny(_search) is >= 0 and var at;)
        {
            var start = from + at;
            if (LongestAt(text, start) is not { } length)
            {
                from = start + 1;
                continue;
            }

            replaced = (replaced ?? new StringBuilder()).Append(text, done, start - done).Append(_byName[text.Substring(start, length)]);
            done = from = start + length;
        }

        return replaced is null ? text : replaced.Append(text, done, text.Length - done).ToString();
    }

    // A name counts where no word goes on at either side of it.
    private int? LongestAt(string text, int start)
    {
        if (start > 0 && char.IsLetterOrDigit(text[start - 1]))
        {
            return null;
        }

        foreach (var length in _lengths)
        {
            var end = start + length;
            if (end <= text.Length && (end == text.Length || !char.IsLetterOrDigit(text[end])) && _byName.ContainsKey(text.Substring(start, length)))
            {
                return length;
            }
        }

        return null;
    }

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)|(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![0-9A-Fa-f:])", RegexOptions.None, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("serial=[0-9A-Fa-f]+", RegexOptions.None, 1000)]
    private static partial Regex Serial();
}
