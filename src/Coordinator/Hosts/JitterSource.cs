using System.Security.Cryptography;

namespace HostAgent.Coordinator.Hosts;

/// <summary>Gives numbers from 0 (inclusive) to 1 (exclusive), so that many waits do not end at the same moment.</summary>
internal delegate double JitterSource();

/// <summary>The source that a real coordinator uses.</summary>
internal static class Jitter
{
    /// <summary>Draws from the system's generator: no seed to inject, none to share.</summary>
    public static double Draw() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
