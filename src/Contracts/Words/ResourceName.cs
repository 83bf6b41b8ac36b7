namespace HostAgent.Contracts.Words;

/// <summary>Resource names of the API and the short ids that people type.</summary>
public static class ResourceName
{
    /// <summary>campaigns/{id}; a full name is left as it is.</summary>
    public static string Campaign(string idOrName) => Full("campaigns/", idOrName);

    /// <summary>hosts/{id}; a full name is left as it is.</summary>
    public static string Host(string idOrName) => Full("hosts/", idOrName);

    /// <summary>campaigns/{campaign}/items/{item}; a full item name is left as it is.</summary>
    public static string Item(string campaign, string idOrName)
        => idOrName.StartsWith("campaigns/", StringComparison.Ordinal) ? idOrName : $"{Campaign(campaign)}/items/{idOrName}";

    /// <summary>The last part of a resource name.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string Full(string collection, string idOrName)
        => idOrName.StartsWith(collection, StringComparison.Ordinal) ? idOrName : collection + idOrName;
}
