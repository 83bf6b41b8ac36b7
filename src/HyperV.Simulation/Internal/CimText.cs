namespace HostAgent.HyperV.Simulation.Internal;

/// <summary>How Hyper-V writes values inside keys.</summary>
internal static class CimText
{
    /// <summary>Identifiers stand in upper case, without braces.</summary>
    public static string Guid(Guid id) => id.ToString("D").ToUpperInvariant();
}
