using System.Text.RegularExpressions;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal;

/// <summary>States in messages, spelt as everywhere else in the product: UPPER_SNAKE_CASE.</summary>
internal static partial class Words
{
    public static string Of(CampaignStatus status) => Spell(status.ToString());

    public static string Of(ItemStatus status) => Spell(status.ToString());

    private static string Spell(string name) => Humps().Replace(name, "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Humps();
}
