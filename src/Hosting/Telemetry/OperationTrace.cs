using System.Diagnostics;

namespace HostAgent.Hosting.Telemetry;

/// <summary>
/// The trace of an operation: its id is the operation's. Whoever has the operation finds its trace, and what an agent or a coordinator does for it
/// after a restart, or on another node, belongs to the same trace without anything being stored.
/// </summary>
public static class OperationTrace
{
    private const int TraceBytes = 16;

    /// <summary>The parent of every span of an operation. It is no span itself: backends show those below it as roots of the trace.</summary>
    /// <param name="operation">The operation's id.</param>
    public static ActivityContext Of(Guid operation)
    {
        Span<byte> bytes = stackalloc byte[TraceBytes];
        operation.TryWriteBytes(bytes, bigEndian: true, out _);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(bytes), ActivitySpanId.CreateFromBytes(bytes[(TraceBytes / 2)..]), ActivityTraceFlags.Recorded, traceState: null, isRemote: true);
    }
}
