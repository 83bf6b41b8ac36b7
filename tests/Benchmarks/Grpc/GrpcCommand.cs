using System.CommandLine;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>The command <c>grpc</c>.</summary>
internal static class GrpcCommand
{
    public static Command Create()
    {
        var plaintext = new Option<bool>("--plaintext") { Description = "Without TLS too. Takes twice the time." };
        return ReportCommand.Create(
            "grpc",
            "Compares our gRPC with grpc-go and grpc-js over mutual TLS. Takes about twenty minutes.",
            [plaintext],
            async (result, quick, progress, cancellation) =>
                await GrpcBenchmark.RunAsync(quick ? RoundPlan.Quick : RoundPlan.Default, result.GetValue(plaintext), progress, cancellation));
    }
}
