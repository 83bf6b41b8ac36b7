using HostAgent.Benchmarks.Grpc;
using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Tests.Grpc;

/// <summary>What is said about measurements.</summary>
public sealed class GrpcReportTests
{
    private static readonly Workload Unary = Workload.All[0];

    [Fact]
    public void Result_of_several_rounds_is_their_median_with_the_extremes()
    {
        var result = GrpcResult.Of(Contender.Ours, ChannelSecurity.MutualTls, Unary, [Round(10, 7), Round(900, 9), Round(30, 8)]);

        result.PerSecond.ShouldBe(30);
        (result.Lowest, result.Highest).ShouldBe((10, 900));
        result.ServerAllocatedBytes.ShouldBe(8);
    }

    [Fact]
    public void Result_of_a_contender_that_cannot_tell_its_allocations_has_none()
    {
        GrpcResult.Of(Contender.Node, ChannelSecurity.MutualTls, Unary, [Round(10, null)]).ServerAllocatedBytes.ShouldBeNull();
    }

    [Fact]
    public void Ratio_is_ours_by_theirs_over_the_same_connection_for_the_same_workload()
    {
        var report = Report(
            Result(Contender.Ours, ChannelSecurity.MutualTls, 50),
            Result(Contender.Go, ChannelSecurity.MutualTls, 200),
            Result(Contender.Go, ChannelSecurity.Plaintext, 50));

        report.Ratios.ShouldBe([new GrpcRatio(Contender.Ours, Contender.Go, ChannelSecurity.MutualTls, Unary, 0.25)]);
    }

    [Fact]
    public void Ratio_to_one_who_managed_nothing_is_not_told()
    {
        Report(Result(Contender.Ours, ChannelSecurity.MutualTls, 50), Result(Contender.Go, ChannelSecurity.MutualTls, 0)).Ratios.ShouldBeEmpty();
    }

    [Fact]
    public void Text_names_who_is_missing_and_why()
    {
        var results = Workload.All.Select(workload => GrpcResult.Of(Contender.Ours, ChannelSecurity.MutualTls, workload, [Round(1234, 5)])).ToList();

        var text = new GrpcReport(new Machine(2, 0.5), 3, results, new Dictionary<string, string> { [Contender.Go] = "it was not built" }).ToText();

        text.ShouldContain("medians of 3 rounds; 2 processors, load average 0.5 before the start");
        text.ShouldContain("| streamed messages, 1,000 streams, 8,192 B | 1,234 |");
        text.ShouldContain("grpc-go is not compared: it was not built");
    }

    private static Measurement Round(double perSecond, double? serverBytes) => new(Unary.ToString(), perSecond, serverBytes, serverBytes);

    private static GrpcResult Result(string contender, ChannelSecurity security, double perSecond) => GrpcResult.Of(contender, security, Unary, [Round(perSecond, 1)]);

    private static GrpcReport Report(params GrpcResult[] results) => new(new Machine(2, null), 1, results, new Dictionary<string, string>());
}
