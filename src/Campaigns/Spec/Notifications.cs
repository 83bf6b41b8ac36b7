using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>The document's <c>notifications</c>: channels of the coordinator that must be proven before the campaign starts.</summary>
/// <param name="Require">The channels' names; at least one.</param>
/// <param name="Within">How long ago each may have delivered something last.</param>
public sealed record NotificationsSpec(IReadOnlyList<string> Require, TimeSpan Within);

internal static partial class NotificationsReader
{
    private const int MostChannels = 20;
    private const string NameRule = "a channel of the coordinator: 1 to 63 of a-z, 0-9 and '-', starting with a letter";

    public static NotificationsSpec Read(MappingReader notifications) => new(
        notifications.Required("require", "a list of at least one channel of the coordinator").Described("Channels of the coordinator of which each must have delivered something, a test too, before the campaign is started.")
            .List(channel => channel.Matching(Name(), NameRule), minimum: 1, MostChannels),
        notifications.Optional("within").Described("How long ago that may be.").Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), TimeSpan.FromHours(24)));

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
