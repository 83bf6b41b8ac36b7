using System.Globalization;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>The sizes of list pages.</summary>
internal static class PageSizes
{
    /// <summary>The most bytes of a page: the maximum message size minus room for one more entry of any size.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>The effective page size.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST) for a negative or too large size.</exception>
    public static int Of(int requested, int normal, int largest) => requested switch
    {
        0 => normal,
        > 0 when requested <= largest => requested,
        _ => throw CampaignFailures.InvalidRequest(new FieldViolation(
            "page_size",
            string.Create(CultureInfo.InvariantCulture, $"{requested} must be 0 (which means {normal}) or a whole number from 1 to {largest}"))),
    };
}
