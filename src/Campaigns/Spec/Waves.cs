using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>One wave. An item belongs to the first wave that matches it.</summary>
/// <param name="Name">Its name, unique in the campaign.</param>
/// <param name="Match">Which items it matches; null for all that remain.</param>
/// <param name="Take">How many of the matching items it takes, in the order of the plan, skipping those that wait for items of no earlier wave; a percentage is of the campaign's items and gives at least 1; null for all.</param>
/// <param name="Ramp">How its number of items in flight grows; null for no bound other than the limits.</param>
/// <param name="Gate">The conditions before the next wave starts; null for none.</param>
public sealed record WaveSpec(string Name, TargetSelector? Match, Amount? Take, RampSpec? Ramp, GateSpec? Gate)
{
    /// <summary>Who approves the outages of this wave, instead of what the strategy says; null for that, and with every strategy but <see cref="Strategy.HostToHost"/>.</summary>
    public OutageSpec? Outage { get; init; }

    /// <summary>The programs around the outages of this wave, instead of those that the strategy says; null for these, and with every strategy but <see cref="Strategy.HostToHost"/>.</summary>
    public HooksSpec? Hooks { get; init; }

    /// <summary>The programs that are run once for this wave; null for none, and with every strategy but <see cref="Strategy.HostToHost"/>.</summary>
    public OnceSpec? Once { get; init; }
}

/// <summary>Programs of the site that are run once for a wave, by the rules of the application check.</summary>
/// <param name="BeforeOutages">Run before its first service goes down; empty for none.</param>
/// <param name="AfterEnd">Run after its last machine has ended; empty for none.</param>
public sealed record OnceSpec(string BeforeOutages, string AfterEnd)
{
    /// <summary>The program of a moment; empty for none.</summary>
    public string NameAt(WaveMoment moment) => moment == WaveMoment.BeforeOutages ? BeforeOutages : AfterEnd;
}

/// <summary>Bounds a wave's items in flight: <paramref name="Start"/> at first; after that many successes the bound is multiplied by <paramref name="Factor"/>, and so on.</summary>
/// <param name="Start">The first bound, from 1.</param>
/// <param name="Factor">The multiplier of each round, above 1 and at most 10; the result is rounded up.</param>
public sealed record RampSpec(int Start, double Factor);

/// <summary>The conditions after a wave before the next one starts.</summary>
/// <param name="Approvers">One of them must approve; empty when no approval is needed.</param>
/// <param name="Soak">How long to wait after the wave's last item became terminal.</param>
public sealed record GateSpec(IReadOnlyList<string> Approvers, TimeSpan Soak)
{
    /// <summary>The gate in words, for example <c>approval by ann or bob and soak of 10m</c>.</summary>
    /// <returns>The words.</returns>
    public string Describe()
    {
        var parts = new List<string>(2);
        if (Approvers.Count > 0)
        {
            parts.Add("approval by " + string.Join(" or ", Approvers));
        }

        if (Soak > TimeSpan.Zero)
        {
            parts.Add("soak of " + DurationText.Write(Soak));
        }

        return string.Join(" and ", parts);
    }
}

/// <summary>When a program of a wave is run.</summary>
public enum WaveMoment
{
    /// <summary>Before the first service of the wave goes down.</summary>
    BeforeOutages,

    /// <summary>After every machine of the wave has ended.</summary>
    AfterEnd,
}
