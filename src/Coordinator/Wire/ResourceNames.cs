using System.Text.Json;
using System.Text.RegularExpressions;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>The resource names <c>campaigns/{campaign_id}</c>, <c>campaigns/{campaign_id}/items/{item_id}</c>, <c>returns/{machine}</c>, <c>drills/{uid}</c>, <c>notificationChannels/{name}</c> and <c>hosts/{host}</c>.</summary>
internal static partial class ResourceNames
{
    /// <summary>The rule for a campaign's id, in words.</summary>
    public const string CampaignIdRule = "1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit";

    public static string Campaign(string id) => $"campaigns/{id}";

    public static string Item(string campaignId, string itemId) => $"campaigns/{campaignId}/items/{itemId}";

    public static string Return(Guid machine) => $"returns/{machine:D}";

    public static string Drill(Guid uid) => $"drills/{uid:D}";

    public static string NotificationChannel(string name) => $"notificationChannels/{name}";

    public static string Host(string host) => $"hosts/{host}";

    /// <summary>Whether a text is a valid campaign id.</summary>
    public static bool IsCampaignId(string id) => CampaignId().IsMatch(id);

    /// <summary>Parses the id from a campaign's name.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static string ParseCampaign(string name, string field)
        => name.Split('/') is ["campaigns", var id] && IsCampaignId(id)
            ? id
            : throw Malformed(field, name, $"campaigns/{{campaign_id}} with an id of {CampaignIdRule}");

    /// <summary>Parses both ids from an item's name.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static (string CampaignId, string ItemId) ParseItem(string name, string field)
        => name.Split('/', 4) is ["campaigns", var id, "items", { Length: > 0 } item] && IsCampaignId(id)
            ? (id, item)
            : throw Malformed(field, name, "campaigns/{campaign_id}/items/{item_id}");

    /// <summary>Parses the machine from a return's name.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static Guid ParseReturn(string name, string field)
        => name.Split('/') is ["returns", var machine] && Guid.TryParseExact(machine, "D", out var id)
            ? id
            : throw Malformed(field, name, "returns/{virtual machine GUID}");

    /// <summary>Parses the uid from a drill's name.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static Guid ParseDrill(string name, string field)
        => name.Split('/') is ["drills", var uid] && Guid.TryParseExact(uid, "D", out var id) ? id : throw Malformed(field, name, "drills/{uid}");

    /// <summary>Parses the name from that of a channel.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static string ParseNotificationChannel(string name, string field)
        => name.Split('/') is ["notificationChannels", { Length: > 0 and <= 63 } channel] ? channel : throw Malformed(field, name, "notificationChannels/{name}");

    /// <summary>Parses the host from a host's name.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static string ParseHost(string name, string field)
        => TryParseHost(name) ?? throw Malformed(field, name, "hosts/{host}");

    /// <summary>Parses the host from a host's name; null when the name is not valid.</summary>
    public static string? TryParseHost(string name) => name.Split('/') is ["hosts", { Length: > 0 and <= 253 } host] ? host : null;

    private static RpcFailure Malformed(string field, string name, string allowed)
        => CampaignFailures.InvalidRequest(new FieldViolation(field, $"'{(name.Length > 200 ? name[..200] + "…" : name)}' must be of the form {allowed}"));

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CampaignId();
}

/// <summary>State names in UPPER_SNAKE_CASE, as everywhere in the product: UnknownOutcome is UNKNOWN_OUTCOME.</summary>
internal static class UpperSnake
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}
