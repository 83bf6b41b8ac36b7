using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>
/// Makes a machine wrong from outside: it hands it another document than the one that counts, bends what it hears, reaches into its
/// state, or loses what it stores. The checkers know the truth. This one does nothing.
/// </summary>
internal sealed class Sabotage
{
    public static Sabotage None { get; } = new();

    /// <summary>The document that the machine is given.</summary>
    public Func<CampaignSpec, CampaignSpec> Spec { get; init; } = spec => spec;

    /// <summary>The plan that the machine is given.</summary>
    public Func<CampaignPlan, CampaignPlan> Plan { get; init; } = plan => plan;

    /// <summary>What the machine hears of an input.</summary>
    public Func<CampaignInput, CampaignMachine, IEnumerable<CampaignInput>> Hears { get; init; } = (input, _) => [input];

    /// <summary>What is done to the machine's state before each input.</summary>
    public Action<CampaignMachine, DateTimeOffset> Tampers { get; init; } = (_, _) => { };

    /// <summary>What is stored of the events.</summary>
    public Func<CampaignEvent, bool> Stores { get; init; } = _ => true;
}
