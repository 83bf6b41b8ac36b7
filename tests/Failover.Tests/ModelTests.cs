using System.Globalization;
using HostAgent.Failover.Tests.Model;

namespace HostAgent.Failover.Tests;

/// <summary>
/// The real function, explored as a model: every world that crashes, restarts, cut links, take-overs, half-done reversals, late guests and
/// persons can reach from a start. FAILOVER_MODEL_STATES asks for more worlds of each start than a test run has time for.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private static readonly int States = int.TryParse(Environment.GetEnvironmentVariable("FAILOVER_MODEL_STATES"), CultureInfo.InvariantCulture, out var states) ? states : 60_000;

    public static TheoryData<string> Starts => [.. Scenarios.All.Keys];

    public static TheoryData<string> Rules => [.. Mutants.All.Keys];

    [Theory]
    [MemberData(nameof(Starts))]
    public void No_reachable_world_breaks_a_rule(string start)
    {
        var findings = new Explorer(new Universe(Mutants.Whole, new Assumptions())).Explore(start, Scenarios.All[start], States);

        output.WriteLine(findings.ToString());
        foreach (var (end, count) in findings.Ends.OrderByDescending(one => one.Value))
        {
            output.WriteLine($"{count,8:N0} {end}");
        }

        findings.Violations.ShouldBeEmpty(findings.ToString());
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Nor_does_one_where_a_prepared_machine_survives_a_crash_and_resynchronizes_over_a_failover(string start)
    {
        var other = new Assumptions { PreparedMayBeLost = false, ResynchronizesOverFailover = true };
        var findings = new Explorer(new Universe(Mutants.Whole, other)).Explore(start, Scenarios.All[start], States / 2);

        findings.Violations.ShouldBeEmpty(findings.ToString());
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Nor_does_one_where_the_direction_is_reversed_before_the_start(string start)
    {
        var spec = Mutants.Spec with { AcceptAfter = AcceptAfter.None };
        var findings = new Explorer(new Universe((recovery, home, records, goal, now) => FailoverDecision.Next(recovery, home, spec, records, goal, now), new Assumptions())).Explore(start, Scenarios.All[start], States / 2);

        findings.Violations.ShouldBeEmpty(findings.ToString());
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_that_is_taken_out_is_missed(string rule)
    {
        var mutant = Mutants.All[rule];
        var findings = new Explorer(new Universe(mutant.Function, mutant.Assumptions)).Explore(mutant.Start, Scenarios.All[mutant.Start], 400_000, mutant.Finds);

        output.WriteLine($"{rule}: {findings}");
        findings.Violations.ShouldContainKey(mutant.Finds, findings.ToString());
    }
}
