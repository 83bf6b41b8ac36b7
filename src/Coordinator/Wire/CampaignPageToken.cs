using System.Buffers.Text;
using System.Globalization;
using System.Text;
using HostAgent.Coordinator.Store;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>The page tokens of campaigns and of items: opaque to the caller, a place in the list to us.</summary>
internal static class CampaignPageToken
{
    /// <summary>The token after a campaign.</summary>
    public static string Write(NewCampaign last) =>
        Encode(string.Create(CultureInfo.InvariantCulture, $"{last.CreateTime.UtcTicks}/{last.Uid:D}"));

    /// <summary>The place of a token; null for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): no list has given it.</exception>
    public static CampaignPosition? Read(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        return Decode(token)?.Split('/') is [var ticksText, var uidText]
            && long.TryParse(ticksText, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(uidText, "D", out var uid)
            ? new CampaignPosition(new DateTimeOffset(ticks, TimeSpan.Zero), uid)
            : throw PageSizes.BadToken(token);
    }

    /// <summary>The token of the position of an item in the plan.</summary>
    public static string WriteItem(int next) => Encode(next.ToString(CultureInfo.InvariantCulture));

    /// <summary>The position of a token; 0 for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): no list has given it.</exception>
    public static int ReadItem(string token, int items) =>
        token.Length == 0 ? 0
        : int.TryParse(Decode(token), NumberStyles.None, CultureInfo.InvariantCulture, out var next) && next <= items ? next
        : throw PageSizes.BadToken(token);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string token) =>
        Base64Url.IsValid(token) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)) : null;
}
