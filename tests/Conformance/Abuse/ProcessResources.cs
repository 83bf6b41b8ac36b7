using System.Diagnostics;

namespace HostAgent.Conformance.Abuse;

/// <summary>What the process holds once everything that can be collected is.</summary>
/// <param name="HeapBytes">Live objects.</param>
/// <param name="Handles">Open files and sockets.</param>
internal sealed record ProcessResources(long HeapBytes, int Handles)
{
    public static ProcessResources Measure()
    {
        for (var generation = 0; generation < 2; generation++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return new ProcessResources(GC.GetTotalMemory(forceFullCollection: true), process.HandleCount);
    }
}
