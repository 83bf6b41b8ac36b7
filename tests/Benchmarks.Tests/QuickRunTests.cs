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
        accepts.Select(result => (result.GetProperty("callers").GetInt32(), result.GetProperty("machines").GetInt32())).ShouldBe([(1, 20), (8, 20), (64, 20), (64, 40)]);
        accepts.ShouldAllBe(result => result.GetProperty("accept").GetProperty("count").GetInt32() == 20);
        report.GetProperty("cold").GetProperty("accept").GetProperty("count").GetInt32().ShouldBe(20);
        var fanOuts = report.GetProperty("fanOuts").EnumerateArray().ToList();
        fanOuts.Select(result => result.GetProperty("watchers").GetInt32()).ShouldBe([1, 5]);
        fanOuts.ShouldAllBe(result => result.GetProperty("messages").GetInt64() >= result.GetProperty("watchers").GetInt32());
        fanOuts.ShouldAllBe(result => result.GetProperty("events").GetInt32() > 0);
        var footprints = report.GetProperty("footprints").EnumerateArray().ToList();
        footprints.Select(result => result.GetProperty("server").GetString()).ShouldBe(["HostAgent.Agent", "bare gRPC service"]);
        footprints.ShouldAllBe(result => result.GetProperty("readySeconds").GetProperty("median").GetDouble() > 0 && result.GetProperty("idleSeconds").GetDouble() >= 1);
        footprints.ShouldAllBe(result => result.GetProperty("privateMegabytes").GetDouble() > 1 && result.GetProperty("idlePercent").GetDouble() < 100);
    }

    [Fact]
    public async Task Coordinator_runs_campaigns_on_every_store_and_its_watchers_hear_of_every_end()
    {
        var report = await BenchmarkProgram.ReportAsync("coordinator");

        var loads = report.GetProperty("loads").EnumerateArray().ToList();
        var missing = report.GetProperty("missing").EnumerateObject().Select(missing => missing.Name).ToList();
        loads.Select(load => (load.GetProperty("store").GetString(), load.GetProperty("agents").GetInt32()))
            .Concat(missing.Contains("PostgreSQL") ? [("PostgreSQL", 4)] : [])
            .ShouldBe([("SQLite", 4), ("PostgreSQL", 4), ("SQLite", 6)], ignoreOrder: true);
        foreach (var load in loads)
        {
            var campaigns = load.GetProperty("campaigns").EnumerateArray().ToList();
            campaigns.Count.ShouldBe(3);
            campaigns.ShouldAllBe(campaign => campaign.GetProperty("perSecond").GetDouble() > 0 && campaign.GetProperty("allocatedBytes").GetDouble() > 0);
            // Each has at least one commit for what it decided at its start and one for its end.
            campaigns.ShouldAllBe(campaign => campaign.GetProperty("commitsPerThousand").GetDouble() >= 2 * 1_000.0 / 40);
            load.GetProperty("isSettled").GetBoolean().ShouldBeFalse();
        }

        var pairs = report.GetProperty("pairs").EnumerateArray().ToList();
        pairs.Select(load => load.GetProperty("store").GetString()).ShouldBe(missing.Contains("PostgreSQL") ? ["SQLite"] : ["SQLite", "PostgreSQL"]);
        pairs.ShouldAllBe(load => load.GetProperty("agents").GetInt32() == 4 && load.GetProperty("campaigns").GetArrayLength() == 2);
        // A machine that goes home is at least an intent and an end of each of its steps.
        pairs.SelectMany(load => load.GetProperty("campaigns").EnumerateArray()).ShouldAllBe(campaign => campaign.GetProperty("items").GetInt32() == 3 && campaign.GetProperty("commitsPerThousand").GetDouble() >= 2_000);
        report.GetProperty("inFlight").EnumerateArray().Select(point => point.GetProperty("value").GetInt32()).ShouldBe([2, 10]);
        report.GetProperty("sizes").EnumerateArray().Select(point => point.GetProperty("value").GetInt32()).ShouldBe([20, 60]);
        var watch = report.GetProperty("watch");
        watch.GetProperty("ends").GetInt32().ShouldBeGreaterThan(0);
        watch.GetProperty("missedEnds").GetInt32().ShouldBe(0);
        watch.GetProperty("lag").GetProperty("count").GetInt32().ShouldBe(3 * watch.GetProperty("ends").GetInt32());
        watch.GetProperty("lag").GetProperty("medianMicroseconds").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("memory").GetProperty("hosts").GetInt32().ShouldBe(8);
        report.GetProperty("memory").GetProperty("withCampaign").GetProperty("heapMegabytes").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("tool").GetString())
            .Concat(missing.Where(name => name is "Ansible" or "ClusterShell"))
            .ShouldBe(["HostAgent", "Ansible", "ClusterShell"], ignoreOrder: true);
    }
}
