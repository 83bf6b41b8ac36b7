using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Hosting.Paging;

/// <summary>
/// Page tokens: opaque to the caller, a place in a list to the server. Each is bound to the filter it was given under, so that all pages of one walk
/// are of one list.
/// </summary>
public static class PageToken
{
    private const int FilterBytes = 8;
    private const int MaxLength = 4096;

    /// <summary>Writes a token.</summary>
    /// <param name="filter">The filter of the list.</param>
    /// <param name="place">Where the next page begins.</param>
    /// <returns>The token.</returns>
    public static string Write(ReadOnlySpan<byte> filter, string place) => Base64Url.EncodeToString([.. Fingerprint(filter), .. Encoding.UTF8.GetBytes(place)]);

    /// <summary>Reads a token that is not empty.</summary>
    /// <param name="token">The token.</param>
    /// <param name="filter">The filter of the list.</param>
    /// <returns>Where the page begins; null when no list with this filter has given the token.</returns>
    public static string? Read(string token, ReadOnlySpan<byte> filter)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > MaxLength || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length > FilterBytes && bytes.AsSpan(0, FilterBytes).SequenceEqual(Fingerprint(filter)) ? Encoding.UTF8.GetString(bytes.AsSpan(FilterBytes)) : null;
    }

    private static byte[] Fingerprint(ReadOnlySpan<byte> filter) => SHA256.HashData(filter)[..FilterBytes];
}
