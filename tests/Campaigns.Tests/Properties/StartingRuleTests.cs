using HostAgent.Campaigns.Tests.Rules;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>The rules about what may start, each against random campaigns, random orders of events and random crashes.</summary>
public sealed class StartingRuleTests
{
    [Fact]
    public void Rule_1_at_most_one_initiation_takes_effect() => RuleProperty.Holds(() => new Rule01AtMostOneInitiation());

    [Fact]
    public void Rule_2_no_limit_is_ever_exceeded() => RuleProperty.Holds(() => new Rule02Limits());

    [Fact]
    public void Rule_4_nothing_starts_before_what_it_depends_on() => RuleProperty.Holds(() => new Rule04Dependencies());

    [Fact]
    public void Rule_5_a_wave_starts_when_the_former_has_ended_and_its_gate_holds() => RuleProperty.Holds(() => new Rule05Waves());

    [Fact]
    public void Rule_9_readiness_expires() => RuleProperty.Holds(() => new Rule09Readiness());

    [Fact]
    public void Every_campaign_comes_to_its_end_and_nothing_that_may_start_is_forgotten()
        => RuleProperty.Holds(random => RuleProperty.Judge(
            random,
            rule: 0,
            () => new Worlds.World(random, Worlds.Sabotage.None) { AfterTurn = machine => NothingIsForgotten.Check(machine.State) },
            world =>
            {
                world.Live();
                world.Calm();
            }));
}
