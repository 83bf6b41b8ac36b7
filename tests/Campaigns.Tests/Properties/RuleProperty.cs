using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HostAgent.Campaigns.Tests.Rules;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>
/// Lets random campaigns live and judges them by one rule, by default some 10,000 for all rules together. The cases are the same in each
/// run; CAMPAIGN_CASES sets their number for each rule, and CAMPAIGN_SEED takes other ones. What breaks a rule is made smaller before it is shown.
/// </summary>
internal static class RuleProperty
{
    private const int Salt = 3;

    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("CAMPAIGN_CASES") ?? "900", CultureInfo.InvariantCulture);
    private static readonly ulong Seed = ulong.Parse(Environment.GetEnvironmentVariable("CAMPAIGN_SEED") ?? "1", CultureInfo.InvariantCulture);

    public static void Holds(Func<RuleChecker> rule) => Holds(random => Judge(random, Sabotage.None, rule));

    public static void Holds(Func<CampaignCase, Finding?> judge)
    {
        if (Search(judge, Cases) is { } finding)
        {
            Assert.Fail(finding.ToString());
        }
    }

    /// <summary>Looks for a case that breaks the rule, and makes it as small as it gets.</summary>
    public static Finding? Search(Func<CampaignCase, Finding?> judge, int cases)
    {
        Finding? smallest = null;
        var property = Prop.ForAll(CampaignCase.Arbitrary, random =>
        {
            var finding = judge(random);
            smallest = finding ?? smallest;
            return finding is null;
        });
        Check.One(Config.Quick.WithMaxTest(cases).WithReplay(Seed, (2 * Seed) + Salt).WithQuietOnSuccess(true).WithRunner(new SilentRunner()), property);
        return smallest;
    }

    /// <summary>Lives a case under a rule.</summary>
    public static Finding? Judge(CampaignCase random, Sabotage sabotage, Func<RuleChecker> rule)
    {
        var checker = rule();
        return Judge(random, checker.Number, () => new World(random, sabotage, checker), world => world.Live());
    }

    /// <summary>Lives a case in another way.</summary>
    public static Finding? Judge(CampaignCase random, int rule, Func<World> create, Action<World> live)
    {
        if (random.Moves.Count == 0)
        {
            return null;
        }

        var world = create();
        try
        {
            live(world);
            return null;
        }
        catch (Exception exception) when (exception is RuleBrokenException or InvalidOperationException or KeyNotFoundException)
        {
            // A machine that was made wrong may trip over itself. Then no rule has noticed anything.
            return new Finding(random, world.History.Named(exception.Message), world.History.ToString(), exception is RuleBrokenException ? rule : null);
        }
    }

    /// <summary>The findings are shown by the test, with their history.</summary>
    private sealed class SilentRunner : IRunner
    {
        public void OnArguments(int value1, Microsoft.FSharp.Collections.FSharpList<object> value2, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> value3)
        {
        }

        public void OnFinished(string value1, FsCheck.TestResult value2)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> value1, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> value2)
        {
        }

        public void OnStartFixture(Type value)
        {
        }
    }
}
