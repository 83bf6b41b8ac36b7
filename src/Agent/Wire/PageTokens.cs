using System.Text;
using HostAgent.Hosting.Paging;

namespace HostAgent.Agent.Wire;

/// <summary>
/// Page tokens: the last thing sent, bound to the filter it was sent under, so that a token of one listing is refused by another
/// and pages stay right while things come and go.
/// </summary>
internal static class PageTokens
{
    /// <summary>The token after the thing with this cursor.</summary>
    public static string Write(string filter, string cursor) => PageToken.Write(Encoding.UTF8.GetBytes(filter), cursor);

    /// <summary>The cursor of a token; null for the first page, or after an error was added.</summary>
    public static string? Read(string token, string filter, FieldErrors errors)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var cursor = PageToken.Read(token, Encoding.UTF8.GetBytes(filter));
        if (cursor is null)
        {
            errors.Add("page_token", $"'{FieldErrors.Shortened(token)}' is not a page token of this list and filter");
        }

        return cursor;
    }

    /// <summary>The size of a page.</summary>
    public static int Size(int asked, int standard, int most, FieldErrors errors)
    {
        if (asked < 0 || asked > most)
        {
            errors.Add("page_size", $"is {asked}; it must be 0 (which means {standard}) to {most}");
        }

        return asked == 0 ? standard : asked;
    }
}
