using System.Globalization;
using System.Text.RegularExpressions;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal;

/// <summary>Words for messages; states are spelt as everywhere else in the product, UPPER_SNAKE_CASE.</summary>
internal static partial class Words
{
    public static string Of(CampaignStatus status) => Spell(status.ToString());

    public static string Of(ItemStatus status) => Spell(status.ToString());

    /// <summary>A number of items in words: <c>1 item</c>, <c>2 items</c>.</summary>
    public static string Items(int number) => string.Create(CultureInfo.InvariantCulture, $"{number} item{(number == 1 ? string.Empty : "s")}");

    /// <summary>An act and its reason as one sentence.</summary>
    public static string Sentence(string act, string reason)
        => reason.Length == 0 ? $"{act}." : $"{act}: {reason.TrimEnd('.')}.";

    private static string Spell(string name) => Humps().Replace(name, "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Humps();
}
