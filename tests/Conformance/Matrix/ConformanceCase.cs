using System.Text.Json;

namespace HostAgent.Conformance.Matrix;

/// <summary>What is tried between every two implementations. README.md says what each one shows.</summary>
public enum ConformanceCase
{
    EmptyUnary,
    LargeUnary,
    ClientStreaming,
    ServerStreaming,
    PingPong,
    EmptyStream,
    CancelAfterBegin,
    CancelAfterFirstResponse,
    TimeoutOnSleepingServer,
    CustomMetadata,
    RepeatedBinaryMetadata,
    StatusCodeAndMessage,
    SpecialStatusMessage,
    StatusDetails,
    UnimplementedMethod,
    UnimplementedService,
    ClientCompressedUnary,
    ClientCompressedStreaming,
    ServerCompressedUnary,
    ServerCompressedStreaming,
    CompressedEmptyMessage,
    OversizedRequest,
    OversizedResponse,
    UnaryAfterIdle,
    StreamAfterIdle,
}

internal static class ConformanceCaseName
{
    /// <summary>The name by which the peers know the case, for example <c>empty_unary</c>.</summary>
    public static string WireName(this ConformanceCase conformanceCase) => JsonNamingPolicy.SnakeCaseLower.ConvertName(conformanceCase.ToString());
}
