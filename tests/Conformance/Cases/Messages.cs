using Google.Protobuf;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Cases;

/// <summary>Requests as the cases need them.</summary>
internal static class Messages
{
    /// <summary>The largest message that gRPC implementations accept unless told otherwise.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    public static Payload Zeros(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };

    public static UnaryCallRequest Unary(int responseSize = 0, int payload = 0) => new() { ResponseSize = responseSize, Payload = Zeros(payload) };

    public static StreamingInputCallRequest Input(int size) => new() { Payload = Zeros(size) };

    public static FullDuplexCallRequest Duplex(int size, params IEnumerable<ResponseParameters> responses) => new() { Payload = Zeros(size), ResponseParameters = { responses } };

    public static ResponseParameters Response(int size, TimeSpan after = default, bool compressed = false) =>
        new() { Size = size, IntervalMillis = (int)after.TotalMilliseconds, Compressed = compressed };
}
