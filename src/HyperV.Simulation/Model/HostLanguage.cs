using System.Text;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>
/// The language of the host's texts: English, or a pseudo-locale that is clearly not English but still readable. Anything in
/// quotation marks or brackets is a name, an identifier or a number and is not translated.
/// </summary>
internal static class HostLanguage
{
    private const string English = "AaCcDdEeGgIiLlNnOoRrSsTtUuYyZz";
    private const string Other = "ÅåÇçÐđÉéĞğÎîŁłÑñÖöŘřŞşŢţÜüÝýŽž";

    public static bool IsEnglish(HostWorld world) => !world.Description.Faults.OfType<LocalisedTextsFault>().Any();

    /// <summary>A text as the host writes it.</summary>
    public static string Text(HostWorld world, string english) => IsEnglish(world) ? english : Translate(english);

    /// <summary>Translates the text properties into the host's language.</summary>
    public static void Put(HostWorld world, IReadOnlyList<string> names, Dictionary<string, object?> properties)
    {
        if (IsEnglish(world))
        {
            return;
        }

        foreach (var name in names)
        {
            properties[name] = properties.GetValueOrDefault(name) switch
            {
                string text => Translate(text),
                string[] texts => Array.ConvertAll(texts, Translate),
                var other => other,
            };
        }
    }

    private static string Translate(string english)
    {
        var text = new StringBuilder(english.Length);
        var depth = 0;
        foreach (var letter in english)
        {
            depth += letter switch
            {
                '(' => 1,
                // A quotation mark at the start of a word opens; any other closes.
                '\'' when text.Length == 0 || text[^1] == ' ' => 1,
                ')' or '\'' when depth > 0 => -1,
                _ => 0,
            };
            var index = depth > 0 ? -1 : English.IndexOf(letter, StringComparison.Ordinal);
            text.Append(index < 0 ? letter : Other[index]);
        }

        return text.ToString();
    }
}
