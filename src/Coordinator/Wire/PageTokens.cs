using System.Globalization;
using Google.Protobuf;
using HostAgent.Coordinator.Store;
using HostAgent.Hosting.Paging;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>
/// The page sizes and page tokens of every list. A token is an opaque position in the list, bound to the filters it was issued for, so
/// that all pages of one iteration belong to the same list.
/// </summary>
internal static class PageTokens
{
    /// <summary>The size of a page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST) for a negative or too large size.</exception>
    public static int Size(int requested, PageSize list) => list.Of(requested) ?? throw CampaignFailures.InvalidRequest(new FieldViolation(
        "page_size",
        string.Create(CultureInfo.InvariantCulture, $"{requested} must be {list.Allowed}")));

    /// <summary>The token for a position in the list of a request.</summary>
    public static string Write(IMessage request, string place) => PageToken.Write(FilterOf(request), place);

    /// <summary>The position in a request's token; null for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): the token was not issued for a list with these filters.</exception>
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
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): the token was not issued for a list with these filters.</exception>
    public static CampaignPosition? ReadCampaign(IMessage request, string token) => Read(request, token)?.Split('/') switch
    {
        null => null,
        [var ticksText, var uidText]
            when long.TryParse(ticksText, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(uidText, "D", out var uid) => new CampaignPosition(new DateTimeOffset(ticks, TimeSpan.Zero), uid),
        _ => throw Bad(token),
    };

    /// <summary>The index of the first item of a page; 0 for the first page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): the token was not issued for a list with these filters.</exception>
    public static int ReadItem(IMessage request, string token, int items)
        => Read(request, token) is not { } place ? 0
        : int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var next) && next <= items ? next
        : throw Bad(token);

    private static RpcFailure Bad(string token) => CampaignFailures.InvalidRequest(new FieldViolation(
        "page_token",
        $"'{(token.Length > 100 ? token[..100] + "…" : token)}' must be the next_page_token of the previous page of the same list with the same filters, or empty"));

    // Everything in a request except the position and the page size.
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
