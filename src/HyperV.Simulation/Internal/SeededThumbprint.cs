namespace HostAgent.HyperV.Simulation.Internal;

/// <summary>Thumbprints of certificates that a simulated host speaks of.</summary>
internal static class SeededThumbprint
{
    /// <summary>Forty hexadecimal digits that follow from seed and name.</summary>
    public static string Create(int seed, string name)
        => (SeededGuid.Create(seed, "certificate", name).ToString("N") + SeededGuid.Create(seed, "thumbprint", name).ToString("N"))[..40].ToUpperInvariant();
}
