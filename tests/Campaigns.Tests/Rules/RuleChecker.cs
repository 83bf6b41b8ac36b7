using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>Judges one rule by what the world does and what the machine makes of it. It throws <see cref="RuleBrokenException"/>.</summary>
internal abstract class RuleChecker
{
    protected Ledger Ledger { get; private set; } = null!;

    /// <summary>The number of the rule, from the checker's name; 0 for what belongs to none.</summary>
    public int Number => GetType().Name.StartsWith("Rule", StringComparison.Ordinal) ? int.Parse(GetType().Name.AsSpan(4, 2), CultureInfo.InvariantCulture) : 0;

    /// <summary>Begins with an empty ledger, which the world keeps.</summary>
    public void Begin(Ledger ledger) => Ledger = ledger;

    /// <summary>An agent begins an operation that it did not know.</summary>
    public virtual void Begins(StartOperation call, bool anotherIsLive, bool isFailedBack)
    {
    }

    /// <summary>Something has happened, in truth; what the machine makes of it comes next.</summary>
    public virtual void Hears(CampaignInput input, DateTimeOffset now)
    {
    }

    /// <summary>An event is about to go into the ledger.</summary>
    public virtual void Before(CampaignEvent campaignEvent)
    {
    }

    /// <summary>A turn is over and its events are in the ledger.</summary>
    public virtual void After(Turn turn)
    {
    }

    /// <summary>States what must hold.</summary>
    protected static void Must([DoesNotReturnIf(false)] bool holds, string sentence)
    {
        if (!holds)
        {
            throw new RuleBrokenException(sentence);
        }
    }

    /// <summary>The item that takes a place with this event; null when none does.</summary>
    protected static string? Starts(CampaignEvent campaignEvent) => campaignEvent switch
    {
        ItemStarting starting => starting.Item,
        ItemChecking checking => checking.Item,
        _ => null,
    };
}
