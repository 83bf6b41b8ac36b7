using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The adapter that the cases of this process run over.</summary>
internal static class Adapter
{
    /// <summary>Its library; set once, before the first case.</summary>
    public static WmiLibrary Library { get; set; }

    /// <summary>Session settings with it.</summary>
    public static WmiSessionOptions Options => new() { Library = Library };
}
