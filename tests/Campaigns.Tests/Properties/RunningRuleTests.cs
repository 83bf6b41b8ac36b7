using HostAgent.Campaigns.Tests.Rules;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>The rules about what becomes of what runs, each against random campaigns, random orders of events and random crashes.</summary>
public sealed class RunningRuleTests
{
    [Fact]
    public void Rule_3_the_failure_after_those_tolerated_breaches() => RuleProperty.Holds(() => new Rule03Tolerance());

    [Fact]
    public void Rule_6_pause_and_stop_never_touch_a_running_job() => RuleProperty.Holds(() => new Rule06StopIsNotCancel());

    [Fact]
    public void Rule_7_attempts_are_repeated_by_their_class() => RuleProperty.Holds(() => new Rule07RetryByClass());

    [Fact]
    public void Rule_8_breakers_open_and_let_one_probe_through() => RuleProperty.Holds(() => new Rule08Breakers());

    [Fact]
    public void Rule_10_a_percentage_goes_back_only_with_an_event_that_says_so() => RuleProperty.Holds(() => new Rule10Progress());

    [Fact]
    public void Rule_11_the_state_is_the_fold_of_the_log_or_of_a_snapshot_and_its_tail()
        => RuleProperty.Holds(random => Replays(random, Sabotage.None));

    internal static Finding? Replays(CampaignCase random, Sabotage sabotage)
        => RuleProperty.Judge(
            random,
            rule: 11,
            () => new World(random, sabotage),
            world =>
            {
                var rule = new Rule11Replay(world);
                world.Live(moves => moves / 2);
                rule.TakeSnapshot();
                world.Live(moves => moves);
                rule.Check();
            });
}
