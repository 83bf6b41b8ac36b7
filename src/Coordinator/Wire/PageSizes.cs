using System.Globalization;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>Pages of a list that is in memory or in the store.</summary>
internal static class PageSizes
{
    /// <summary>The size of a page.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST) for a negative or too large size.</exception>
    public static int Of(int requested, int normal, int largest) => requested switch
    {
        0 => normal,
        > 0 when requested <= largest => requested,
        _ => throw CampaignFailures.InvalidRequest(new FieldViolation(
            "page_size",
            string.Create(CultureInfo.InvariantCulture, $"{requested} must be 0 (which means {normal}) or a whole number from 1 to {largest}"))),
    };

    /// <summary>The failure for a page token that no list has given.</summary>
    public static RpcFailure BadToken(string token) => CampaignFailures.InvalidRequest(new FieldViolation(
        "page_token",
        $"'{(token.Length > 100 ? token[..100] + "…" : token)}' must be the next_page_token of the former page of the same list, or empty"));
}
