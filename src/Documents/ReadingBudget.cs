using System.Runtime.InteropServices;

namespace HostAgent.Documents;

/// <summary>
/// What reading one document may cost. Every node that is parsed and every element that is read asks; so a caller who has left, or a
/// document that is made to be slow, does not keep a processor.
/// </summary>
internal sealed class ReadingBudget(TimeSpan time, CancellationToken cancellationToken)
{
    // Asking the clock costs more than most nodes do.
    private const int Interval = 64;

    private readonly TimeSpan? _begun = ThreadClock.Now;
    private int _asked;

    /// <summary>Goes on, or ends the reading.</summary>
    /// <exception cref="UnreadableException">The document has taken too much of the processor's time.</exception>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public void Check(Position at)
    {
        if (++_asked % Interval != 0)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_begun is { } begun && ThreadClock.Now - begun > time)
        {
            var most = DurationText.Write(time);
            throw new UnreadableException(at, string.Empty, $"a document that is read in {most}", $"The document takes more than {most} of processor time to read; make it smaller.");
        }
    }
}

/// <summary>
/// The processor time of this thread. Time on the wall would refuse a good document on a busy machine. .NET does not offer it, so Linux
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
