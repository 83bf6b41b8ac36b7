namespace HostAgent.Benchmarks.Tests;

/// <summary>That every benchmark still runs from its beginning to its report. What it measures here means nothing.</summary>
public sealed class QuickRunTests
{
    [Fact]
    public async Task Grpc_measures_us_for_every_workload_and_names_whom_it_could_not_compare()
    {
        var report = await BenchmarkProgram.ReportAsync("grpc");

        var results = report.GetProperty("results").EnumerateArray().ToList();
        var ours = results.Where(result => result.GetProperty("contender").GetString() == "HostAgent").ToList();
        ours.Count.ShouldBe(9);
        ours.ShouldContain(result => result.GetProperty("warm").GetProperty("median").GetDouble() > 0);
        results.ShouldAllBe(result => result.GetProperty("rounds").GetArrayLength() == 1 && result.GetProperty("unsettledRounds").GetInt32() == 1);
        report.GetProperty("machine").GetProperty("processors").GetInt32().ShouldBe(Environment.ProcessorCount);
        results.Select(result => result.GetProperty("contender").GetString())
            .Concat(report.GetProperty("missing").EnumerateObject().Select(missing => missing.Name))
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(["HostAgent", "HostAgent server, grpc-go client", "grpc-go", "grpc-js"], ignoreOrder: true);
    }

    [Fact]
    public async Task Engine_measures_every_size_and_what_it_is_compared_with()
    {
        var report = await BenchmarkProgram.ReportAsync("engine");

        var results = report.GetProperty("results").EnumerateArray().ToList();
        results.Select(result => result.GetProperty("items").GetInt32()).ShouldBe([100, 200]);
        results.ShouldAllBe(result => result.GetProperty("input").GetProperty("count").GetInt32() > result.GetProperty("items").GetInt32());
        results.ShouldAllBe(result => result.GetProperty("events").GetInt64() > 2 * result.GetProperty("items").GetInt32());
        report.GetProperty("cold").GetProperty("campaigns").GetInt32().ShouldBe(1);
        report.GetProperty("baselines").EnumerateArray().Select(baseline => baseline.GetProperty("items").GetInt32()).ShouldBe([100, 200]);
        report.GetProperty("growthOfMedian").GetDouble().ShouldBeGreaterThan(0);
        var pairs = report.GetProperty("pairs").EnumerateArray().ToList();
        pairs.Select(result => result.GetProperty("items").GetInt32()).ShouldBe([100, 200]);
        pairs.ShouldAllBe(result => result.GetProperty("events").GetInt64() > 4 * result.GetProperty("items").GetInt32());
    }

    [Fact]
    public async Task Agent_accepts_for_any_number_of_callers_and_its_events_come_to_all_watchers()
    {
        var report = await BenchmarkProgram.ReportAsync("agent");

        var accepts = report.GetProperty("accepts").EnumerateArray().ToList();
        accepts.Select(result => result.GetProperty("callers").GetInt32()).ShouldBe([1, 8, 64]);
        accepts.ShouldAllBe(result => result.GetProperty("accept").GetProperty("count").GetInt32() == 20);
        report.GetProperty("cold").GetProperty("accept").GetProperty("count").GetInt32().ShouldBe(20);
        var fanOuts = report.GetProperty("fanOuts").EnumerateArray().ToList();
        fanOuts.Select(result => result.GetProperty("watchers").GetInt32()).ShouldBe([1, 5]);
        fanOuts.ShouldAllBe(result => result.GetProperty("messages").GetInt64() >= result.GetProperty("watchers").GetInt32());
        fanOuts.ShouldAllBe(result => result.GetProperty("events").GetInt32() > 0);
    }
}
