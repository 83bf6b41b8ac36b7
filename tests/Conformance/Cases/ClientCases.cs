using HostAgent.Conformance.Matrix;

namespace HostAgent.Conformance.Cases;

/// <summary>What our client does in each case.</summary>
internal static class ClientCases
{
    public static Task RunAsync(ConformanceCase conformanceCase, CaseTarget target) => conformanceCase switch
    {
        ConformanceCase.EmptyUnary => PlainCases.EmptyUnaryAsync(target),
        ConformanceCase.LargeUnary => PlainCases.LargeUnaryAsync(target),
        ConformanceCase.ClientStreaming => PlainCases.ClientStreamingAsync(target),
        ConformanceCase.ServerStreaming => PlainCases.ServerStreamingAsync(target),
        ConformanceCase.PingPong => PlainCases.PingPongAsync(target),
        ConformanceCase.EmptyStream => PlainCases.EmptyStreamAsync(target),
        ConformanceCase.CancelAfterBegin => EndingCases.CancelAfterBeginAsync(target),
        ConformanceCase.CancelAfterFirstResponse => EndingCases.CancelAfterFirstResponseAsync(target),
        ConformanceCase.TimeoutOnSleepingServer => EndingCases.TimeoutOnSleepingServerAsync(target),
        ConformanceCase.CustomMetadata => MetadataCases.CustomMetadataAsync(target),
        ConformanceCase.RepeatedBinaryMetadata => MetadataCases.RepeatedBinaryMetadataAsync(target),
        ConformanceCase.StatusCodeAndMessage => StatusCases.StatusCodeAndMessageAsync(target),
        ConformanceCase.SpecialStatusMessage => StatusCases.SpecialStatusMessageAsync(target),
        ConformanceCase.StatusDetails => StatusCases.StatusDetailsAsync(target),
        ConformanceCase.UnimplementedMethod => StatusCases.UnimplementedMethodAsync(target),
        ConformanceCase.UnimplementedService => StatusCases.UnimplementedServiceAsync(target),
        ConformanceCase.ClientCompressedUnary => CompressionCases.ClientCompressedUnaryAsync(target),
        ConformanceCase.ClientCompressedStreaming => CompressionCases.ClientCompressedStreamingAsync(target),
        ConformanceCase.ServerCompressedUnary => CompressionCases.ServerCompressedUnaryAsync(target),
        ConformanceCase.ServerCompressedStreaming => CompressionCases.ServerCompressedStreamingAsync(target),
        ConformanceCase.CompressedEmptyMessage => CompressionCases.CompressedEmptyMessageAsync(target),
        ConformanceCase.OversizedRequest => StatusCases.OversizedRequestAsync(target),
        ConformanceCase.OversizedResponse => StatusCases.OversizedResponseAsync(target),
        ConformanceCase.UnaryAfterIdle => IdleCases.UnaryAfterIdleAsync(target),
        ConformanceCase.StreamAfterIdle => IdleCases.StreamAfterIdleAsync(target),
        _ => throw new ArgumentOutOfRangeException(nameof(conformanceCase), conformanceCase, "is no case of ours"),
    };
}
