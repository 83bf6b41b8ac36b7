using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Internal.Reading;

/// <summary>The document's <c>metadata</c>.</summary>
internal sealed partial record Metadata(string Name, IReadOnlyDictionary<string, string> Labels)
{
    private const string NameRule = "1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit";

    public static Metadata Read(MappingReader metadata)
    {
        var field = metadata.Required("name", NameRule);
        var name = field.Text();
        if (name is not null && !NamePattern().IsMatch(name))
        {
            field.Reject(NameRule);
        }

        return new Metadata(name ?? string.Empty, metadata.Optional("labels").TextMap());
    }

    [GeneratedRegex("^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
