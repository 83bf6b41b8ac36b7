using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Checking;

/// <summary>Finds what a history must not contain. Pure: the same history gives the same findings.</summary>
internal static class HistoryChecker
{
    private static readonly IReadOnlyList<Func<History, IEnumerable<Violation>>> Rules =
    [
        EffectRules.OneEffectPerAttempt,
        EffectRules.NoFalseSuccess,
        EffectRules.LimitsOnHosts,
        EffectRules.Pairs,
        StoredRules.Endings,
        StoredRules.NothingStartsWhileStopped,
        StoredRules.Limits,
        StoredRules.TakeOvers,
        StoredRules.TimesOnlyGrow,
        StoredRules.HostsAreWaitedFor,
        ClientRules.WatchersSeeEveryEnd,
        ClientRules.PercentAndVersionsOnlyGrow,
        ClientRules.AnswersHold,
        Whole,
    ];

    /// <summary>Checks a history.</summary>
    public static IReadOnlyList<Violation> Check(History history) => [.. Rules.SelectMany(rule => rule(history))];

    private static IEnumerable<Violation> Whole(History history)
    {
        if (!history.HasEnded)
        {
            yield return new Violation(Rule.NeverEnded, history.Campaign, "it had not ended within its bound");
        }

        if (history.AuditFinding is { } finding)
        {
            yield return new Violation(Rule.AuditBroken, history.Campaign, finding);
        }
    }
}
