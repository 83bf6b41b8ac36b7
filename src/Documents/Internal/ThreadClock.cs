using System.Runtime.InteropServices;

namespace HostAgent.Documents.Internal;

/// <summary>
/// The processor time of this thread. Time on the wall would refuse a good document on a busy machine. .NET does not tell it, so Linux
/// is asked; elsewhere it is unknown, and the bounds on sizes and counts must do.
/// </summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    public static TimeSpan? Now
        => OperatingSystem.IsLinux() && Read(ThreadProcessorTime, out var now) == 0
            ? TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromTicks(now.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : null;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
