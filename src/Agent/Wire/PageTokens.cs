using System.Text;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;

namespace HostAgent.Agent.Wire;

/// <summary>
/// The page sizes and page tokens of every list. A token is the last entry sent, bound to the filter it was sent under, so that a token of one list is
/// refused by another and pages stay right while entries come and go.
/// </summary>
internal static class PageTokens
{
    /// <summary>The token after the entry with this cursor.</summary>
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
            errors.Add("page_token", $"'{VisibleText.Shortened(token)}' is not a page token of this list and filter");
        }

        return cursor;
    }

    /// <summary>The size of a page.</summary>
    public static int Size(int requested, PageSize list, FieldErrors errors)
    {
        if (list.Of(requested) is { } size)
        {
            return size;
        }

        errors.Add("page_size", $"is {requested}; it must be {list.Allowed}");
        return list.Standard;
    }
}
