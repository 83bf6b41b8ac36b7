namespace HostAgent.Faults.Checking;

/// <summary>What may never be found in a history. The names are what the runner prints.</summary>
internal enum Rule
{
    /// <summary>Two failbacks took effect for one attempt, or a machine was shut down or started twice for one switch.</summary>
    DuplicateEffect,

    /// <summary>A failback took effect that no stored attempt accounts for.</summary>
    EffectWithoutAttempt,

    /// <summary>An item ended, and a client was never told, or the campaign ended without it.</summary>
    TerminalEventLost,

    /// <summary>The same end was stored twice.</summary>
    TerminalEventDoubled,

    /// <summary>Two different ends were stored or told.</summary>
    TerminalEventContradicted,

    /// <summary>More was in flight than the document allows.</summary>
    LimitExceeded,

    /// <summary>An item was started while nothing may start.</summary>
    StartedAfterStop,

    /// <summary>A succeeded item was started again.</summary>
    StartedAfterSuccess,

    /// <summary>A percentage went back, and nothing said why.</summary>
    PercentWentBack,

    /// <summary>A watcher's versions went back.</summary>
    VersionWentBack,

    /// <summary>An event has an earlier time than the one before it.</summary>
    TimeWentBack,

    /// <summary>A host was given up before it had been out of reach for as long as the document says.</summary>
    GivenUpEarly,

    /// <summary>A success was stored that the host does not have.</summary>
    FalseSuccess,

    /// <summary>A machine ran on two hosts at once.</summary>
    RanTwice,

    /// <summary>What was written is not where the machine goes on.</summary>
    WritesLost,

    /// <summary>A command was answered with OK and left no trace.</summary>
    AnswerLost,

    /// <summary>Somebody without a right to it was obeyed.</summary>
    HostileCallAccepted,

    /// <summary>The audit chain is broken.</summary>
    AuditBroken,

    /// <summary>The campaign did not end within its bound.</summary>
    NeverEnded,

    /// <summary>The campaign was taken over more often than what happened to its coordinators explains: two of them take it from each other.</summary>
    TakenOverWithoutEnd,
}

/// <summary>A violation.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">The item, the host or the campaign.</param>
/// <param name="Finding">What was found, one sentence.</param>
internal sealed record Violation(Rule Rule, string Subject, string Finding)
{
    /// <summary>The rule's name in UPPER_SNAKE_CASE.</summary>
    public string Name => NameOf(Rule);

    /// <summary>A rule's name in UPPER_SNAKE_CASE.</summary>
    public static string NameOf(Rule rule)
        => string.Concat(rule.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));

    public override string ToString() => $"{Name} {Subject}: {Finding}";
}
