using System.Globalization;
using System.Text.Json;

namespace HostAgent.Benchmarks.Comparison;

/// <summary>
/// The figures of any report in JSON, by their paths: its numbers, and 1 or 0 for what is true or false. An object in a list is named by as many of the words
/// and whole numbers that it begins with as tell it from the others (<c>results[items=1000].input.count</c>), so that one more in the list does not move the
/// others; otherwise by its place.
/// </summary>
internal static class ReportFigures
{
    /// <returns>The figures by their paths, in the report's order.</returns>
    public static OrderedDictionary<string, double> Of(JsonElement report)
    {
        var figures = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        Add(figures, "", report);
        return figures;
    }

    private static void Add(OrderedDictionary<string, double> figures, string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Add(figures, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (name, item) in Names(element).Zip(element.EnumerateArray()))
                {
                    Add(figures, $"{path}[{name}]", item);
                }

                break;
            case JsonValueKind.Number:
                figures[path] = element.GetDouble();
                break;
            case JsonValueKind.True or JsonValueKind.False:
                figures[path] = element.GetBoolean() ? 1 : 0;
                break;
        }
    }

    private static IEnumerable<string> Names(JsonElement list)
    {
        var beginnings = list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object ? Beginning(item) : []).ToList();
        for (var words = 1; words <= beginnings.Select(beginning => beginning.Count).DefaultIfEmpty().Min(); words++)
        {
            var names = beginnings.Select(beginning => string.Join(", ", beginning.Take(words))).ToList();
            if (names.Distinct(StringComparer.Ordinal).Count() == names.Count)
            {
                return names;
            }
        }

        return beginnings.Select((_, place) => place.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The words and whole numbers with which an object begins; those of the objects in it too.</summary>
    private static List<string> Beginning(JsonElement item)
    {
        var words = new List<string>();
        Collect(item, words);
        return words;

        static bool Collect(JsonElement item, List<string> words)
        {
            foreach (var member in item.EnumerateObject())
            {
                switch (member.Value.ValueKind)
                {
                    case JsonValueKind.String:
                        words.Add(member.Value.GetString()!);
                        break;
                    case JsonValueKind.Number when member.Value.TryGetInt64(out var number):
                        words.Add(string.Create(CultureInfo.InvariantCulture, $"{member.Name}={number}"));
                        break;
                    case JsonValueKind.Object when Collect(member.Value, words):
                        break;
                    default:
                        return false;
                }
            }

            return true;
        }
    }
}
