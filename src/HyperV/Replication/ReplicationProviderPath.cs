namespace HostAgent.HyperV.Replication;

/// <summary>Recognises the in-box replication provider, which replicates from Hyper-V host to Hyper-V host.</summary>
public static class ReplicationProviderPath
{
    /// <summary>The name of the in-box provider.</summary>
    public const string InBoxProvider = "22391CDC-272C-4DDF-BA88-9BEFB1A0975C";

    /// <summary>Whether the provider at a path is another than the in-box one; null when there is no path.</summary>
    public static bool? IsExternal(string? path)
        => string.IsNullOrWhiteSpace(path)
            ? null
            : !path.TrimEnd().TrimEnd('"').EndsWith(InBoxProvider, StringComparison.OrdinalIgnoreCase);
}
