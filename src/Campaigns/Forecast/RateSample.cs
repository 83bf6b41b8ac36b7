using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Forecast;

/// <summary>How fast one failback went: the size of the machine's disks over the time that the host was at work.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="DiskBytes">The size of the machine's disks, above 0. Not what crossed the link: a host does not tell that.</param>
/// <param name="Duration">From the host's start to its success, above 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateSample(string Host, long DiskBytes, TimeSpan Duration)
{
    /// <summary>Bytes of disk size in a second.</summary>
    public double BytesPerSecond => DiskBytes / Duration.TotalSeconds;
}
