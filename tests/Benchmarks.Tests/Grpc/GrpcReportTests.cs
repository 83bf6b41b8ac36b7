using HostAgent.Benchmarks.Grpc;
using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Tests.Grpc;

/// <summary>What is said about measurements.</summary>
public sealed class GrpcReportTests
{
    private static readonly Workload Unary = Workload.All[0];

    private static readonly WarmUp Warm = new(Least: 2, Most: 9, Band: 0.05);

    [Fact]
    public void Round_is_cold_in_its_first_window_and_warm_in_the_two_that_agree()
    {
        var round = GrpcRound.Of([Window(10, 900), Window(60, 90), Window(98, 8), Window(102, 7)], Warm);

        (round.Cold, round.Warm, round.IsSettled).ShouldBe((10, 100, true));
        round.ServerAllocatedBytes.ShouldBe(7);
    }

    [Fact]
    public void Round_that_was_given_up_is_not_settled() => GrpcRound.Of([Window(10, 1), Window(60, 1), Window(90, 1)], Warm).IsSettled.ShouldBeFalse();

    [Fact]
    public void Result_of_several_rounds_is_their_median_with_the_extremes()
    {
        var result = Result(Contender.Ours, ChannelSecurity.MutualTls, Round(1, 10, 7), Round(5, 900, 9), Round(3, 30, 8));

        result.Warm.ShouldBe(new Spread(30, 10, 900));
        result.Cold.ShouldBe(new Spread(3, 1, 5));
        result.ServerAllocatedBytes.ShouldBe(8);
    }

    [Fact]
    public void Result_of_a_contender_that_cannot_tell_its_allocations_has_none() =>
        Result(Contender.Node, ChannelSecurity.MutualTls, Round(1, 10, null)).ServerAllocatedBytes.ShouldBeNull();

    [Fact]
    public void Ratio_is_that_of_each_round_over_the_same_connection_for_the_same_workload()
    {
        // A slow second round of the machine's slows both and moves no ratio.
        var report = Report(
            Result(Contender.Ours, ChannelSecurity.MutualTls, Round(10, 50, 1), Round(1, 5, 1), Round(10, 100, 1)),
            Result(Contender.Go, ChannelSecurity.MutualTls, Round(20, 200, 1), Round(4, 20, 1), Round(10, 100, 1)),
            Result(Contender.Go, ChannelSecurity.Plaintext, Round(1, 50, 1)));

        report.Ratios.ShouldBe([new GrpcRatio(Contender.Ours, Contender.Go, ChannelSecurity.MutualTls, Unary, new Spread(0.25, 0.25, 1), new Spread(0.5, 0.25, 1))]);
    }

    [Fact]
    public void Ratio_to_one_who_managed_nothing_is_not_told()
    {
        var ratio = Report(Result(Contender.Ours, ChannelSecurity.MutualTls, Round(1, 50, 1)), Result(Contender.Go, ChannelSecurity.MutualTls, Round(0, 25, 1))).Ratios.ShouldHaveSingleItem();

        ratio.Cold.ShouldBeNull();
        ratio.Warm.ShouldBe(new Spread(2, 2, 2));
    }

    [Fact]
    public void Text_shows_cold_and_warm_and_names_who_is_missing_or_not_settled()
    {
        var results = Workload.All.Select(workload => new GrpcResult(Contender.Ours, ChannelSecurity.MutualTls, workload, [Round(456, 1234, 5) with { IsSettled = workload.Kind != "open" }])).ToList();

        var text = new GrpcReport(new Machine(2, 0.5), RoundPlan.Default, results, new Dictionary<string, string> { [Contender.Go] = "it was not built" }).ToText();

        text.ShouldContain("medians of 3 rounds with the lowest and the highest; 2 processors, load average 0.5 before the start");
        text.ShouldContain("MutualTls, cold: the first 1 s of fresh processes:");
        text.ShouldContain("| streamed messages, 1,000 streams, 8,192 B | 1,234 (1,234–1,234) | 5 | 5 |");
        text.ShouldContain("| streamed messages, 1,000 streams, 8,192 B | 456 (456–456) |");
        text.ShouldContain("| streams opened and read to their end, 32 at once | 1,234 (1,234–1,234)\\* |");
        text.ShouldContain("\\* In some round no two successive windows of 1 s agreed within 5 %, in 25 of them.");
        text.ShouldContain("grpc-go is not compared: it was not built");
    }

    private static Measurement Window(double perSecond, double serverBytes) => new(Unary.ToString(), perSecond, serverBytes, serverBytes);

    private static GrpcRound Round(double cold, double warm, double? serverBytes) => new([cold, warm, warm], IsSettled: true, serverBytes, serverBytes);

    private static GrpcResult Result(string contender, ChannelSecurity security, params GrpcRound[] rounds) => new(contender, security, Unary, rounds);

    private static GrpcReport Report(params GrpcResult[] results) => new(new Machine(2, null), RoundPlan.Default, results, new Dictionary<string, string>());
}
