using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Forecast;

/// <summary>Rates that somebody assumes: any of them may be the true one, the same for all machines.</summary>
/// <param name="Low">The lowest, in bytes of disk size a second, above 0.</param>
/// <param name="High">The highest, not below <paramref name="Low"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateRange(double Low, double High);
