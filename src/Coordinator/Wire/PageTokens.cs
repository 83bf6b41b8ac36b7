using System.Globalization;
using Google.Protobuf;
using HostAgent.Coordinator.Store;
using HostAgent.Hosting.Paging;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>
/// The page tokens of every list: opaque to the caller, to us a place in the list. Each is bound to the filters it was given under, so that
/// the pages of one walk are of one list.
/// </summary>
internal static class PageTokens
{
    /// <summary>The token after a place in the list that a request asks for.</summary>
    public static string Write(IMessage request, string place) => PageToken.Write(FilterOf(request), place);

    /// <summary>The place of a request's token; null for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): no list with these filters has given it.</exception>
    public static string? Read(IMessage request, string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        return PageToken.Read(token, FilterOf(request)) ?? throw Bad(token);
    }

    public static string PlaceOf(NewCampaign last) => string.Create(CultureInfo.InvariantCulture, $"{last.CreateTime.UtcTicks}/{last.Uid:D}");

    /// <summary>The campaign after which a page begins; null for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): no list with these filters has given the token.</exception>
    public static CampaignPosition? ReadCampaign(IMessage request, string token) => Read(request, token)?.Split('/') switch
    {
        null => null,
        [var ticksText, var uidText]
            when long.TryParse(ticksText, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(uidText, "D", out var uid) => new CampaignPosition(new DateTimeOffset(ticks, TimeSpan.Zero), uid),
        _ => throw Bad(token),
    };

    /// <summary>The position of the item that a page begins with; 0 for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): no list with these filters has given the token.</exception>
    public static int ReadItem(IMessage request, string token, int items)
        => Read(request, token) is not { } place ? 0
        : int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var next) && next <= items ? next
        : throw Bad(token);

    private static RpcFailure Bad(string token) => CampaignFailures.InvalidRequest(new FieldViolation(
        "page_token",
        $"'{(token.Length > 100 ? token[..100] + "…" : token)}' must be the next_page_token of the former page of the same list with the same filters, or empty"));

    // Everything that a request says but where in the list to begin and how much to send.
    private static byte[] FilterOf(IMessage request)
    {
        var filters = request.Descriptor.Parser.ParseFrom(request.ToByteString());
        foreach (var name in (string[])["page_size", "page_token"])
        {
            request.Descriptor.FindFieldByName(name).Accessor.Clear(filters);
        }

        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true) { Deterministic = true })
        {
            filters.WriteTo(output);
        }

        return bytes.ToArray();
    }
}
