using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Checking;

/// <summary>How long it took until something durable happened after a fault.</summary>
internal static class Recovery
{
    /// <summary>The longest recovery of a history; null when nothing was left to do after any fault.</summary>
    public static TimeSpan? WorstOf(History history) => history.Strikes.Select(strike => Of(history, strike)).Max();

    /// <summary>The time from a fault to the next event of an item that it concerned; null when there was none.</summary>
    public static TimeSpan? Of(History history, Strike strike)
    {
        var concerned = history.Stored
            .Where(stored => stored.Fact == Fact.Planned && (strike.Host is null || history.IsHostToHost || stored.Text == strike.Host))
            .Select(stored => stored.Item)
            .ToHashSet();
        return history.Stored.FirstOrDefault(stored => stored.Time > strike.RecoversFrom && concerned.Contains(stored.Item)) is { } next ? next.Time - strike.RecoversFrom : null;
    }
}
