using HostAgent.Agent.Journal;

namespace HostAgent.Agent.Operations;

/// <summary>What a damage of the journal means for new operations, for as long as an id of before it may come again.</summary>
/// <param name="damages">The damages that the journal knows of, oldest first.</param>
/// <param name="retention">How long an operation id must not be used again.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalLoss(IReadOnlyList<JournalDamage> damages, TimeSpan retention, TimeProvider time)
{
    /// <summary>The newest damage within the retention; null when there is none.</summary>
    public JournalDamage? Newest => damages.LastOrDefault(IsRecent);

    /// <summary>The newest damage after which operations may be missing: an id that the journal does not know may have been used. Null when every unknown id is a new one.</summary>
    public JournalDamage? InForce => damages.LastOrDefault(damage => damage.OperationsMissing && IsRecent(damage));

    private bool IsRecent(JournalDamage damage) => damage.FindTime + retention > time.GetUtcNow();
}
