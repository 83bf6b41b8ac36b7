using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>
/// The rules of campaigns against random campaigns in a random world (<see cref="RandomWorld"/>), judged by <see cref="HistoryChecker"/>
/// after every input. A failure prints the seed and the whole history. CAMPAIGN_CASES sets the number of cases.
/// </summary>
public class RandomCampaignTests
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("CAMPAIGN_CASES") ?? "60", CultureInfo.InvariantCulture);

    private static void Always(Action<int> property)
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true),
            Prop.ForAll(ArbMap.Default.GeneratorFor<int>().Resize(int.MaxValue).ToArbitrary(), seed =>
            {
                property(seed);
                return true;
            }));

    [Fact]
    public void No_rule_is_broken_at_any_moment_and_every_campaign_comes_to_its_end()
        => Always(seed =>
        {
            var world = new RandomWorld(seed);
            world.Live(steps: 120);
            world.Calm();
        });

    [Fact]
    public void Replay_at_any_moment_gives_the_state_byte_for_byte_and_resuming_goes_on_to_the_end()
        => Always(seed =>
        {
            var world = new RandomWorld(seed);
            for (var part = 0; part < 6; part++)
            {
                world.Live(steps: 20);
                world.CheckReplay(world.Shadow);
                world.Crash();
            }

            world.Calm();
            world.CheckReplay(CampaignMachine.Replay(world.Log.Select(CampaignEventCodec.Read)));
        });

    [Fact]
    public void Every_prefix_of_a_log_can_be_taken_up()
        => Always(seed =>
        {
            var world = new RandomWorld(seed);
            world.Live(steps: 60);
            var cut = (int)((uint)seed % (uint)world.Log.Count) + 1;

            // A prefix may end in the middle of a batch, which a store never leaves; even that must fold and resume.
            var machine = CampaignMachine.Replay(world.Log.Take(cut).Select(CampaignEventCodec.Read));
            if (machine.State.Items.Count > 0)
            {
                machine.Resume(world.Now);
            }
        });
}
