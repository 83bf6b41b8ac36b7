namespace HostAgent.Cli.Connection;

/// <summary>Lists that come in pages.</summary>
internal static class Pages
{
    /// <summary>Reads every page.</summary>
    /// <param name="read">Reads the page of a token, empty for the first, and returns the token of the next, empty after the last.</param>
    public static async Task ReadAllAsync(Func<string, Task<string>> read)
    {
        var token = "";
        do
        {
            token = await read(token);
        }
        while (token.Length > 0);
    }
}
