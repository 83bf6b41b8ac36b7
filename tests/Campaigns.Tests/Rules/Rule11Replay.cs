using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>The state is the fold of the stored events, byte for byte, whoever folds them, and also when a snapshot stands for the first of them.</summary>
internal sealed class Rule11Replay(World world)
{
    private byte[] _snapshot = [];
    private int _events;

    /// <summary>Takes a snapshot, which stands for all events so far.</summary>
    public void TakeSnapshot() => (_snapshot, _events) = (CampaignSnapshot.Write(world.Machine.State), world.Log.Count);

    public void Check()
    {
        Same(CampaignMachine.Replay(world.Log.Select(CampaignEventCodec.Write).Select(CampaignEventCodec.Read)), "the log");
        if (_snapshot.Length > 0)
        {
            Same(CampaignMachine.Replay(_snapshot, world.Log.Skip(_events)), "the log after a snapshot");
        }
    }

    private void Same(CampaignMachine machine, string source)
    {
        var (expected, actual) = (StateDump.Of(world.Machine.State), StateDump.Of(machine.State));
        if (actual != expected)
        {
            var at = actual.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
            throw new RuleBrokenException($"the fold of {source} has …{Around(actual, at)}… where the machine has …{Around(expected, at)}…");
        }
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 40)];
}
