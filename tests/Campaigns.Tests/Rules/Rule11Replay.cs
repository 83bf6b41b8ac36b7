using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>The state is the fold of the stored events, byte for byte, whoever folds them.</summary>
internal sealed class Rule11Replay(World world)
{
    public void Check()
    {
        var folded = CampaignMachine.Replay(world.Log.Select(CampaignEventCodec.Write).Select(CampaignEventCodec.Read));
        var (expected, actual) = (StateDump.Of(world.Machine.State), StateDump.Of(folded.State));
        if (actual != expected)
        {
            var at = actual.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
            throw new RuleBrokenException($"the fold of the log has …{Around(actual, at)}… where the machine has …{Around(expected, at)}…");
        }
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 40)];
}
