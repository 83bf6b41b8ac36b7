using FsCheck;
using FsCheck.Fluent;
using HostAgent.Faults.Checking;

namespace HostAgent.Faults.Tests.Checking;

/// <summary>The checker finds nothing in a history in which everything is right, and finds by name whatever is spoiled in one.</summary>
public sealed class HistoryCheckerProperties
{
    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithMaxTest(300);

    public static TheoryData<string> Mutations => [.. Mutation.All.Select(mutation => mutation.Name)];

    [Fact]
    public void Good_history_has_no_violation()
        => Prop.ForAll(Seeds, seed => HistoryChecker.Check(RandomHistory.Draw(seed)).ShouldBeEmpty()).Check(Quiet);

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Spoiled_history_is_found_by_the_name_of_its_rule(string name)
    {
        var mutation = Mutation.All.Single(one => one.Name == name);
        var spoiled = 0;
        Prop.ForAll(Seeds, seed =>
        {
            if (mutation.Spoil(RandomHistory.Draw(seed), new Random(seed)) is { } history)
            {
                spoiled++;
                HistoryChecker.Check(history).Select(violation => violation.Rule).ShouldContain(mutation.Rule);
            }
        }).Check(Quiet);
        spoiled.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Every_rule_is_broken_by_some_mutation()
        => Enum.GetValues<Rule>().Except(Mutation.All.Select(mutation => mutation.Rule)).ShouldBeEmpty();

    [Fact]
    public void Same_history_gives_the_same_findings()
        => Prop.ForAll(Seeds, seed =>
        {
            var history = RandomHistory.Draw(seed) with { HasEnded = false, MostDown = 9, Allowed = new(0, 0, 1) };
            HistoryChecker.Check(history).ShouldBe(HistoryChecker.Check(history));
        }).Check(Quiet);

    private static Arbitrary<int> Seeds => Arb.From(Gen.Choose(1, 1_000_000));
}
